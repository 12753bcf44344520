import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptInstall, findBinary, freePort } from './find.mjs'

const binary = () => findBinary(['pgbouncer'], ['/usr/sbin'])

/** Installs PgBouncer if need be; what is missing when it cannot be had. */
export function findPgBouncer() {
  if (!binary()) aptInstall(['pgbouncer'])
  return binary()
    ? {}
    : {
        missing: 'no PgBouncer on this machine; install it (apt-get install pgbouncer) or put it on the PATH',
      }
}

/**
 * A PgBouncer in transaction mode before a database: two connections to the server, shared transaction by transaction.
 *
 * @param {string} databaseUrl
 * @param {{ key: string, cert: string }} [certificate] - PEM. With it PgBouncer takes TLS connections only.
 */
export async function startPgBouncer(databaseUrl, certificate) {
  const { hostname, port, pathname, username } = new URL(databaseUrl)
  const user = username || 'postgres'
  const folder = mkdtempSync(join(tmpdir(), 'haoma-pgbouncer-'))
  chmodSync(folder, 0o755)
  const file = (name, text) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const tls = certificate
    ? `client_tls_sslmode = require
client_tls_key_file = ${file('key.pem', certificate.key)}
client_tls_cert_file = ${file('cert.pem', certificate.cert)}
`
    : ''
  const listenPort = await freePort()
  const settings = file(
    'pgbouncer.ini',
    `[databases]
* = host=${hostname} port=${port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = trust
auth_file = ${file('users.txt', `"${user}" ""\n`)}
pool_mode = transaction
default_pool_size = 2
${tls}`,
  )
  // It refuses to run as root.
  const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child = spawn(binary(), [settings], { stdio: ['ignore', 'ignore', 'pipe'], ...unprivileged })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('pgbouncer did not start')))
    child.stderr.on('data', (text) => String(text).includes('process up') && resolve())
  })
  return {
    url: `postgres://${user}@127.0.0.1:${listenPort}${pathname}`,
    stop: async () => {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
