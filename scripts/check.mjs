// npm run check: format, lint, types, import direction, unused code, package contents. Cheapest first; all are reported.
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, step } from './lib/terminal.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const manifest = (dir) => JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'))
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
const typechecked = [...packages, 'examples/uni-app', 'bench', 'e2e'].filter(
  (dir) => manifest(dir).scripts?.typecheck,
)

const tool = (name, args, cwd = root) => run(bin(name), args, { cwd, quiet: true })

export const checks = [
  ['格式与规范 · format and lint', () => tool('biome', ['check', '--error-on-warnings', '.'])],
  [
    '依赖方向 · import direction',
    () => tool('depcruise', ['packages', 'bench', 'e2e', '--config', '.dependency-cruiser.cjs']),
  ],
  ['无用代码 · unused code', () => tool('knip', ['--no-progress'])],
  ...typechecked.map((dir) => [
    `类型 · types ${dir}`,
    () => run('npm', ['run', '--silent', 'typecheck'], { cwd: join(root, dir), quiet: true }),
  ]),
  ...packages.map((dir) => [
    `发布内容 · package ${dir}`,
    async () => {
      await tool('publint', ['--strict'], join(root, dir))
      await tool(
        'attw',
        ['--pack', '.', '--profile', 'esm-only', '--quiet', ...attwOptions(dir)],
        join(root, dir),
      )
    },
  ]),
]

/** A command has no entry to import, so there are no types to resolve. */
function attwOptions(dir) {
  return manifest(dir).exports?.['.'] ? [] : ['--ignore-rules', 'no-resolution']
}

/** As many at a time as there are processors; each of them uses one. */
export async function check() {
  const left = [...checks.entries()]
  const failures = []
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, [label, work]] = next
      await step(label, work).catch((error) => {
        failures[index] = `${label}\n${error.message}`
      })
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  if (failures.length) throw new Stop(failures.filter(Boolean).join('\n\n'))
}

if (process.argv[1] === import.meta.filename) {
  await runMain(async () => {
    requireNode()
    await ensureInstalled()
    await build()
    await check()
  })
}
