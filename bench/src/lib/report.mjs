import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url))
const git = (...args) => execFileSync('git', ['--no-optional-locks', ...args], { encoding: 'utf8' }).trim()

const INTRODUCTION = `# Benchmarks

Each section is written by the command it names (\`npm run bench <name> -- --write\`), in one run, side by side.
Absolute numbers belong to the machine; what travels is the comparison within a table.
`

export function table(headers, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  const rule = headers.map((_, column) => (column === 0 ? '---' : '--:'))
  return [line(headers), line(rule), ...rows.map(line)].join('\n')
}

/** Where and on what a result was measured. */
export function provenance(command) {
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'packages', 'bench')
    ? ', changed'
    : ''
  const memoryGb = Math.round(totalmem() / 2 ** 30)
  return [
    `\`${command}\``,
    new Date().toISOString().slice(0, 10),
    `commit ${git('rev-parse', '--short', 'HEAD')}${changed}`,
    `${availableParallelism()} × ${cpus()[0].model.trim()}, ${memoryGb} GB, ${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
  ].join(' · ')
}

/** Puts a section in the place of its former self, or at the end. */
export function writeSection(name, markdown) {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const section = `${open}\n${markdown}\n${close}`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : INTRODUCTION
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  const next =
    from < 0 || to < 0
      ? `${text.trimEnd()}\n\n${section}\n`
      : `${text.slice(0, from)}${section}${text.slice(to + close.length)}`
  writeFileSync(file, next)
}
