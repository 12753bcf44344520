import { join } from 'node:path'
import Libsql from 'libsql'
import pg from 'pg'
import { embeddedPostgres } from '../../scripts/services/embedded-postgres.mjs'

export type DatabaseKind = 'sqlite' | 'postgres'

/** The database of a scenario, as its operator and its accountant see it. */
export interface ChaosDatabase {
  /** `HAOMA_DATABASE_URL`. */
  url: string
  read<Row>(sql: string): Promise<Row[]>
  /** Takes the server away, without warning, and brings it back. */
  stop(): void
  start(): void
  /** Ends what was started. */
  dispose(): void
}

/**
 * Opens an empty database. What PostgreSQL stores is durable here: a commit that a crash undoes would be ours, not the
 * service's.
 *
 * @returns `missing`: why there can be none on this machine
 */
export async function openDatabase(
  kind: DatabaseKind,
  folder: string,
): Promise<ChaosDatabase | { missing: string }> {
  if (kind === 'sqlite') return openSqlite(join(folder, 'haoma.db'))
  const server = await embeddedPostgres(15, { isDurable: true })
  if (server.missing !== undefined) return { missing: server.missing }
  return {
    url: server.url,
    read: async <Row>(sql: string) => {
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      try {
        return (await client.query(sql)).rows as Row[]
      } finally {
        await client.end()
      }
    },
    stop: () => server.stop(),
    start: () => server.start(),
    dispose: () => server.end(),
  }
}

function openSqlite(path: string): ChaosDatabase {
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
    dispose: () => {},
  }
}
