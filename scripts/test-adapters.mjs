// npm run test:adapters: the examples that are too heavy for npm test, NestJS and Next.js: installed, built, logged in to.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, step, totalTime } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build(['server', 'simulator'])
  for (const name of ['nestjs', 'nextjs']) {
    const cwd = join(root, 'examples', name)
    await step(`安装 · installing examples/${name}`, () =>
      run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd, quiet: true }),
    )
    await step(`构建 · building examples/${name}`, () =>
      run('npm', ['run', 'build'], { cwd, env: { NEXT_TELEMETRY_DISABLED: '1' }, quiet: true }),
    )
  }
  const code = await run(join(root, 'node_modules', '.bin', 'vitest'), ['run', 'e2e/adapters.test.ts'], {
    cwd: root,
    env: { ADAPTERS: 'all' },
    allowFailure: true,
  })
  if (code !== 0) throw new Stop('有适配器未通过 · an adapter failed')
  console.log(`\n适配器通过 · the adapters log in (${totalTime()})`)
})
