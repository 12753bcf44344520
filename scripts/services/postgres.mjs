import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptInstall, findBinary, freePort } from './find.mjs'

const requireFromHere = createRequire(import.meta.url)

async function accepts(url) {
  const { Client } = requireFromHere('pg')
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 500 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

/** Debian keeps initdb and pg_ctl out of the PATH, one folder a version. */
function debianFolders() {
  try {
    return readdirSync('/usr/lib/postgresql')
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => `/usr/lib/postgresql/${version}/bin`)
  } catch {
    return []
  }
}

/** A PostgreSQL for the tests: `DATABASE_URL`, else the default port, else one of our own, installed if need be. */
export async function postgres() {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: async () => {} }
  const usual = 'postgres://postgres@127.0.0.1:5432/postgres'
  if (await accepts(usual)) return { url: usual, stop: async () => {} }

  const tool = (name) => findBinary([name], debianFolders())
  if (!tool('initdb') || !tool('pg_ctl')) aptInstall(['postgresql'])
  const initdb = tool('initdb')
  const pgCtl = tool('pg_ctl')
  if (!initdb || !pgCtl) return { missing: 'no PostgreSQL on this machine; set DATABASE_URL or install it' }

  const dir = mkdtempSync(join(tmpdir(), 'haoma-postgres-'))
  const asRoot = process.getuid?.() === 0
  if (asRoot) {
    // The server refuses to run as root, and its own user must be able to enter the folder.
    chmodSync(dir, 0o755)
    spawnSync('chown', ['postgres', dir])
  }
  const run = (command, args) => {
    const [file, all] = asRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args]
    return spawnSync(file, all, { stdio: 'ignore', cwd: dir })
  }
  const port = await freePort()
  const data = join(dir, 'data')
  run(initdb, ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-locale', '-E', 'UTF8', '--no-sync'])
  const options = `-c listen_addresses=127.0.0.1 -p ${port} -k ${dir} -c fsync=off -c max_connections=200`
  run(pgCtl, ['-D', data, '-l', join(dir, 'log'), '-w', '-o', options, 'start'])
  let stopped = false
  const halt = () => {
    if (stopped) return
    stopped = true
    run(pgCtl, ['-D', data, '-m', 'immediate', 'stop'])
    rmSync(dir, { recursive: true, force: true })
  }
  process.once('exit', halt)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  if (await accepts(url)) return { url, stop: async () => halt() }
  halt()
  return { missing: `${pgCtl} did not start a server` }
}
