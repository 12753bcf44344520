import type { PoolClient } from 'pg'
import { tables } from './migrations/0001-tables/index.ts'
import { translatePostgresError } from './postgres/errors.ts'
import { createPostgresPool, type PostgresOptions, patient } from './postgres/pool.ts'
import { openLibsql } from './sqlite/libsql.ts'

/** A row as the database has it, by column. */
export type RawRow = Record<string, string | number | null>

/** A whole database as it was at one moment, on a connection of its own: others read and write meanwhile. */
export interface Snapshot {
  tables: readonly string[]
  /** The rows of a table, some at a time. */
  rows(table: string): AsyncIterable<RawRow[]>
  close(): Promise<void>
}

const AT_ONCE = 500
const names = tables.map(({ name }) => name)

/** @throws {StoreUnavailableError} When the file cannot be opened. */
export function openSqliteSnapshot(path: string): Snapshot {
  const handle = openLibsql(path, 'read')
  handle.prepare('begin').run([])
  // A transaction sees the database as it is at its first read.
  handle.prepare('select name from facts limit 1').all([])
  return {
    tables: names,
    rows: async function* (table) {
      for (let after = 0; ; ) {
        const page = handle
          .prepare(
            `select rowid as row_number, * from ${table} where rowid > ? order by rowid limit ${AT_ONCE}`,
          )
          .all([after]) as (RawRow & { row_number: number })[]
        const last = page.at(-1)
        if (last === undefined) return
        after = last.row_number
        yield page.map(({ row_number: _, ...row }) => row)
      }
    },
    close: async () => {
      handle.prepare('rollback').run([])
      handle.close()
    },
  }
}

/** @throws {StoreUnavailableError} When the server cannot be reached. */
export async function openPostgresSnapshot(options: PostgresOptions): Promise<Snapshot> {
  const pool = createPostgresPool({ ...options, ...patient, poolSize: 1 })
  let client: PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    await pool.end()
    throw translatePostgresError(error)
  }
  await client.query('begin isolation level repeatable read read only')
  return {
    tables: names,
    rows: async function* (table) {
      await client.query(`declare backup no scroll cursor for select * from ${table}`)
      for (;;) {
        const { rows } = await client.query<RawRow>(`fetch ${AT_ONCE} from backup`)
        if (rows.length === 0) break
        yield rows
      }
      await client.query('close backup')
    },
    close: async () => {
      client.release(true)
      await pool.end()
    },
  }
}
