// npm run chaos [filter …]: serving processes killed, stopped and starved under load, at length. npm test has the short form.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, totalTime } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build(['cli'])
  const filter = process.argv.slice(2)
  const code = await run(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', 'e2e/chaos.test.ts', ...filter.flatMap((name) => ['-t', name])],
    { cwd: root, env: { CHAOS: 'full' }, allowFailure: true },
  )
  if (code !== 0) throw new Stop('账目不符 · the accounts do not agree')
  console.log(`\n账目相符 · the accounts agree (${totalTime()})`)
})
