import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { cache, root } from './paths.mjs'
import { run } from './run.mjs'
import { step } from './terminal.mjs'

const folder = join(root, 'examples', 'node-clients')

// npm writes this file last.
const isInstalled = () => existsSync(join(folder, 'node_modules', '.package-lock.json'))

/**
 * Installs the SDKs written elsewhere, which live outside the workspace, unless they are there. Of several processes
 * that want them at once, one installs: npm removes what another npm has begun.
 */
export async function ensureNodeClients() {
  const lock = join(cache, 'installing-node-clients')
  mkdirSync(cache, { recursive: true })
  while (!isInstalled()) {
    if (!take(lock)) {
      await setTimeout(200)
      continue
    }
    try {
      await step('安装对照 SDK · installing the SDKs written elsewhere', () =>
        run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, quiet: true }),
      )
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
}

/** A folder can be made once. One older than an installation can be was left by a process that was killed. */
function take(lock) {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > 300_000) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
