// npm start: installs, builds what has changed, then runs everything in this one process, so that Ctrl-C ends it all.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { runMain } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  process.chdir(root)
  await build(['cli'])
  const port = await servicePort()
  // The compiled mini program carries the address of its service; the H5 page is told at run time.
  if (port) process.env.VITE_HAOMA_URL ??= `http://127.0.0.1:${port}`
  await build(['example-h5', 'example-mp-weixin'])
  const main = join(root, 'packages/cli/dist/main.js')
  const demo = join(root, 'examples/uni-app/dist/build/h5')
  const miniprogram = join(root, 'examples/uni-app/dist/build/mp-weixin')
  const args = ['start', '--demo', demo, '--miniprogram', miniprogram]
  process.argv = [process.execPath, main, ...args, ...process.argv.slice(2)]
  await import(main)
})

/** The port that the service will have, if one was chosen: by --port, in the environment or in .env. */
async function servicePort() {
  const args = process.argv.slice(2)
  const option = args.findLastIndex((arg) => arg === '--port' || arg.startsWith('--port='))
  if (option >= 0) return args[option].split('=')[1] ?? args[option + 1]
  const { readEnvironment } = await import(join(root, 'packages/cli/dist/environment.js'))
  try {
    return readEnvironment(root).HAOMA_PORT?.trim()
  } catch {
    // The command itself says what is wrong with the settings.
    return undefined
  }
}
