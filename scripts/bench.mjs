// npm run bench [name …] [-- --write] [--quick] [--only=<contender>]: measurements, side by side. Names: files of bench/src.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { provenance, writeSection } from '../bench/src/lib/report.mjs'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { ensureNodeClients } from './lib/node-clients.mjs'
import { root } from './lib/paths.mjs'
import { runMain, Stop, step } from './lib/terminal.mjs'

const folder = join(root, 'bench', 'src')
const available = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length))

await runMain(async () => {
  requireNode()
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
  })
  const names = positionals.length ? positionals : available
  const unknown = names.filter((name) => !available.includes(name))
  if (unknown.length)
    throw new Stop(
      `没有这项测量 · No such bench: ${unknown.join(', ')}. 可用 · There are: ${available.join(', ')}`,
    )
  await ensureInstalled()
  for (const name of names) await bench(name, values)
})

async function bench(name, { write = false, quick = false, only }) {
  const { title, needs, run } = await import(`../bench/src/${name}.mjs`)
  await build(needs.builds)
  if (needs.nodeClients) await ensureNodeClients()
  const { markdown } = await step(`测量 · measuring ${name}`, () => run({ isQuick: quick, only }))
  const options = [quick && '--quick', only && `--only=${only}`].filter(Boolean)
  const command = `npm run bench ${name}${options.length ? ` -- ${options.join(' ')}` : ''}`
  const section = `## ${title}\n\n${provenance(command)}\n\n${markdown}`
  console.log(`\n${section}\n`)
  if (write) writeSection(name, section)
}
