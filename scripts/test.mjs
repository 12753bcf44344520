// npm test: installs, builds, checks and runs every suite. `npm test -- <filter>` passes the filter to vitest.
import { join } from 'node:path'
import { check } from './check.mjs'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, totalTime } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build()
  const filter = process.argv.slice(2)
  if (filter.length === 0) await check()
  const code = await run(join(root, 'node_modules', '.bin', 'vitest'), ['run', ...filter], {
    cwd: root,
    allowFailure: true,
  })
  if (code !== 0) throw new Stop('有测试失败 · some tests failed')
  console.log(`\n全部通过 · all green (${totalTime()})`)
})
