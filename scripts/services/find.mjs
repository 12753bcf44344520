import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** The first of `names` that is on the PATH or in one of `folders`, or undefined. */
export function findBinary(names, folders = []) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...folders]) {
    for (const name of names) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  return undefined
}

/** A TCP port that nobody listens on. Below 32768, where outgoing connections never take it. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const free = await new Promise((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

const canInstall =
  process.platform === 'linux' && process.getuid?.() === 0 && findBinary(['apt-get']) !== undefined
/** Where there is no network, to say so soon is better than to wait for one. */
const impatient = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::Retries=0',
  '-o',
  'DPkg::Lock::Timeout=60',
]
let listsUpdated = false

/** Installs Debian packages when this is a Debian or Ubuntu machine and we are root. Says whether it did. */
export function aptInstall(packages) {
  if (!canInstall) return false
  const apt = (args) =>
    spawnSync('apt-get', [...impatient, ...args], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const install = () => apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  if (install()) return true
  // The lists may be missing or of another day.
  if (listsUpdated) return false
  listsUpdated = apt(['update', '-qq'])
  return listsUpdated && install()
}
