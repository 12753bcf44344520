import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from './paths.mjs'
import { run } from './run.mjs'
import { Stop, step } from './terminal.mjs'

const oldestNode = [20, 19]

/** Stops when this Node is older than the project supports. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  throw new Stop(
    `需要 Node.js ${oldestNode.join('.')} 或更高版本，当前是 ${process.versions.node}。请升级后重试：https://nodejs.org
Node.js ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}. Upgrade and try again.`,
  )
}

/** Installs the workspace unless what is installed already matches package-lock.json. */
export async function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(cache, 'installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  await step('安装依赖 · installing dependencies', () =>
    // Not npm ci: it refuses a lock file that lacks an optional package of some other platform, which registry
    // mirrors make. --no-save keeps to the lock file all the same, and leaves it as it is.
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      quiet: true,
    }),
  )
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, lock)
}
