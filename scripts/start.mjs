// npm start: installs, builds what has changed, then runs everything in this one process, so that Ctrl-C ends it all.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { runMain } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build(['cli', 'example-h5'])
  process.chdir(root)
  const main = join(root, 'packages/cli/dist/main.js')
  const demo = join(root, 'examples/uni-app/dist/build/h5')
  const miniprogram = join(root, 'examples/uni-app/dist/build/mp-weixin')
  const args = ['start', '--demo', demo]
  if (existsSync(join(miniprogram, 'app.json'))) args.push('--miniprogram', miniprogram)
  process.argv = [process.execPath, main, ...args, ...process.argv.slice(2)]
  await import(main)
})
