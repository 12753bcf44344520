import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { run } from './run.mjs'
import { step } from './terminal.mjs'

const folder = join(root, 'examples', 'node-clients')

/** Installs the SDKs written elsewhere, which live outside the workspace, unless they are there. */
export async function ensureNodeClients() {
  // npm writes this file last.
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return
  await step('安装对照 SDK · installing the SDKs written elsewhere', () =>
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, quiet: true }),
  )
}
