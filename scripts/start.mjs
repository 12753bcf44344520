// npm start: installs, builds what has changed, then runs everything in this one process, so that Ctrl-C ends it all.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { runMain } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  // The compiled mini program carries the address of its service; the H5 page is told at run time.
  const port = process.env.HAOMA_PORT
  if (port) process.env.VITE_HAOMA_URL ??= `http://127.0.0.1:${port}`
  await build(['cli', 'example-h5', 'example-mp-weixin'])
  process.chdir(root)
  const main = join(root, 'packages/cli/dist/main.js')
  const demo = join(root, 'examples/uni-app/dist/build/h5')
  const miniprogram = join(root, 'examples/uni-app/dist/build/mp-weixin')
  const args = ['start', '--demo', demo, '--miniprogram', miniprogram]
  process.argv = [process.execPath, main, ...args, ...process.argv.slice(2)]
  await import(main)
})
