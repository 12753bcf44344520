import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Libsql from 'libsql'
import pg from 'pg'
import { embeddedPostgres } from '../../scripts/services/embedded-postgres.mjs'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** The database of a scenario, as its operator and its accountant see it. */
export interface ChaosDatabase {
  /** `HAOMA_DATABASE_URL`. */
  url: string
  read<Row>(sql: string): Promise<Row[]>
  /** Takes the server away, without warning, and brings it back. */
  stop(): Promise<unknown>
  start(): Promise<unknown>
  /** Every transaction may read only, until further notice. */
  setReadOnly(isReadOnly: boolean): Promise<void>
  /** Leaves no room on the disk of the data, and makes room again. */
  fill(): void
  free(): void
  /** Between the services and the server. */
  network?: CuttingProxy
  /** Ends what was started. */
  dispose(): Promise<void>
}

/** Larger than what the people of one scenario leave behind. */
const SMALL_DISK = '64m'
/** Who runs PostgreSQL when the tests run as root. */
const NOBODY = 65534

/**
 * Opens an empty database. What PostgreSQL stores is durable here: a commit that a crash undoes would be ours, not the
 * service's.
 *
 * @param needs - `disk`: one of its own, which can be full; `network`: one that can be cut.
 * @returns `missing`: why there can be none on this machine
 */
export async function openDatabase(
  kind: DatabaseKind,
  folder: string,
  needs: { disk?: boolean; network?: boolean } = {},
): Promise<ChaosDatabase | { missing: string }> {
  const disk = needs.disk ? mountDisk(join(folder, 'disk')) : undefined
  if (needs.disk && !disk) return { missing: 'a disk of its own (only root mounts one)' }
  if (kind === 'sqlite') return openSqlite(disk?.path ?? folder, disk)
  const server = await embeddedPostgres(15, { isDurable: true })
  if (server.missing !== undefined) {
    disk?.dispose()
    return { missing: server.missing }
  }
  const url = new URL(server.url)
  if (disk) url.pathname = '/people'
  const database = url.href
  // A server that is read-only still takes this one's word.
  const query = async (sql: string, connectionString = server.url) => {
    const client = new pg.Client({
      connectionString,
      options: '-c default_transaction_read_only=off',
    })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  if (disk) {
    // The data are on the small disk, the log of the server is not: it may not be full, or the server ends.
    await query(`create tablespace small location '${disk.path}'`)
    // Not the database that somebody is connected to: it cannot be moved.
    await query('create database people tablespace small')
  }
  const network = needs.network ? await startCuttingProxy(Number(new URL(server.url).port)) : undefined
  if (network) url.port = String(network.port)
  return {
    url: url.href,
    read: async <Row>(sql: string) => (await query(sql, database)) as Row[],
    stop: () => server.stop(),
    start: () => server.start(),
    setReadOnly: async (isReadOnly) => {
      await query(`alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`)
      await query('select pg_reload_conf()')
    },
    fill: () => disk?.fill(),
    free: () => disk?.free(),
    ...(network && { network }),
    dispose: async () => {
      await network?.close()
      await server.end()
      disk?.dispose()
    },
  }
}

function openSqlite(folder: string, disk: SmallDisk | undefined): ChaosDatabase {
  const path = join(folder, 'haoma.db')
  const never = () => {
    throw new Error('SQLite has no server to stop')
  }
  return {
    url: `file:${path}`,
    read: async <Row>(sql: string) => {
      const file = new Libsql(path)
      try {
        return file.prepare(sql).all() as Row[]
      } finally {
        file.close()
      }
    },
    stop: never,
    start: never,
    setReadOnly: async () => never(),
    fill: () => disk?.fill(),
    free: () => disk?.free(),
    dispose: async () => disk?.dispose(),
  }
}

interface SmallDisk {
  path: string
  fill(): void
  free(): void
  dispose(): void
}

function mountDisk(path: string): SmallDisk | undefined {
  mkdirSync(path)
  // Whoever runs PostgreSQL has to get there.
  chmodSync(dirname(path), 0o755)
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK}`, 'tmpfs', path])
  if (mount.status !== 0) return undefined
  // PostgreSQL asks that its folder is its own, and empty.
  const data = join(path, 'data')
  mkdirSync(data)
  chownSync(data, NOBODY, NOBODY)
  const filler = join(path, 'filler')
  return {
    path: data,
    fill: () => {
      const megabyte = Buffer.alloc(2 ** 20)
      for (const size of [megabyte, megabyte.subarray(0, 4096)]) {
        for (;;) {
          try {
            writeFileSync(filler, size, { flag: 'a' })
          } catch {
            break
          }
        }
      }
    },
    free: () => rmSync(filler, { force: true }),
    dispose: () => void spawnSync('umount', ['-l', path]),
  }
}
