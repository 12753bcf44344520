// npm run build [target …]: builds what has changed. Targets: see lib/build.mjs.
import { build, targets } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { runMain, Stop } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  const names = process.argv.slice(2)
  const unknown = names.filter((name) => !(name in targets))
  if (unknown.length)
    throw new Stop(`No such target: ${unknown.join(', ')}. There are: ${Object.keys(targets).join(', ')}`)
  await build(names.length ? names : undefined)
})
