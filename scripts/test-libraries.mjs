// npm run test:libraries [filter …]: the component libraries of native mini programs, uni-app and Taro, installed, compiled,
// and played on the phone page. Too heavy for every run of npm test. HAOMA_SCREENSHOTS names a folder for pictures.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, totalTime } from './lib/terminal.mjs'

const suites = ['packages/simulator/test/libraries', 'e2e/libraries']

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build(['cli', 'uni', 'example-h5'])
  const code = await run(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', ...suites, ...process.argv.slice(2).flatMap((name) => ['-t', name])],
    { cwd: root, env: { HAOMA_LIBRARIES: 'all' }, allowFailure: true },
  )
  if (code !== 0) throw new Stop('有组件库未通过 · a component library failed')
  console.log(`\n组件库通过 · the component libraries log in (${totalTime()})`)
})
