import { setTimeout as sleep } from 'node:timers/promises'
import { type Dialect, DummyDriver, Kysely, type Logger, type Transaction } from 'kysely'
import type { Tracing } from '../../kernel/tracing.ts'
import type { Database } from '../database.ts'
import { StoreConflictError } from '../errors.ts'
import { aboutDatabase, isUpToDate, migrate } from './migrate.ts'
import { createPostgresDialect } from './postgres/dialect.ts'
import { postgresCounters } from './postgres/limit-counters.ts'
import { createPostgresPool, type PostgresOptions, patient } from './postgres/pool.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'
import { createStores, createStoresWithin } from './stores.ts'
import type { Tables } from './tables.ts'

/** Is told of each statement that has ended. */
export type OnQuery = (statement: Parameters<Tracing['queried']>[0]) => void

/** Two who meet seldom meet again after pauses of a different length. */
const TRANSACTION_RUNS = 8
const LONGEST_PAUSE_MS = 80

/**
 * Opens an SQLite database and brings its tables up to date.
 *
 * @param path - A file path, or `:memory:`.
 * @throws {StoreUnavailableError} When the file cannot be opened.
 * @throws {DatabaseVersionError} When another version made it.
 */
export async function openSqliteDatabase(
  path: string,
  { onQuery }: { onQuery?: OnQuery } = {},
): Promise<Database> {
  const writer = openLibsql(path)
  const reader = path === ':memory:' ? writer : openLibsql(path, 'read')
  const dialect = createSqliteDialect({ writer, reader })
  const db = new Kysely<Tables>({ dialect, ...logOf('sqlite', onQuery) })
  try {
    await migrate(db as Kysely<never>)
    writer.tidy()
    return createDatabase(db, dialect)
  } catch (error) {
    reader.close()
    writer.close()
    throw error
  }
}

/**
 * Opens a PostgreSQL database and brings its tables up to date.
 *
 * @throws {StoreUnavailableError} When the server cannot be reached.
 * @throws {DatabaseVersionError} When another version made it.
 */
export async function openPostgresDatabase(
  options: PostgresOptions & {
    /** Told of every round trip to the server; for tests and metrics. */
    onRoundTrip?: () => void
    onQuery?: OnQuery
  },
): Promise<Database> {
  const pool = createPostgresPool(options)
  const dialect = createPostgresDialect(pool, options.onRoundTrip)
  const db = new Kysely<Tables>({ dialect, ...logOf('postgresql', options.onQuery) })
  try {
    if (!(await isUpToDate(db as Kysely<never>))) await migratePatiently(options)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const use = () => ({
    busy: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  })
  return { ...createDatabase(db, dialect), pool: use, makeCounter: postgresCounters(db) }
}

/** A migration of a large table takes longer than any request may. */
async function migratePatiently(options: PostgresOptions): Promise<void> {
  const pool = createPostgresPool({ ...options, ...patient, poolSize: 1 })
  const db = new Kysely<never>({ dialect: createPostgresDialect(pool) })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
}

function logOf(system: 'postgresql' | 'sqlite', onQuery: OnQuery | undefined): { log?: Logger } {
  if (onQuery === undefined) return {}
  return {
    log: ({ level, query, queryDurationMillis }) =>
      onQuery({ system, sql: query.sql, durationMs: queryDurationMillis, failed: level === 'error' }),
  }
}

function createDatabase(db: Kysely<Tables>, dialect: Dialect): Database {
  let closing: Promise<void> | undefined
  return {
    ...createStores(db),
    transaction: async (work) => {
      for (let run = 1; ; run += 1) {
        try {
          return await db
            .transaction()
            .execute((trx) => sendTogether(trx, dialect, (all) => work(createStoresWithin(all))))
        } catch (error) {
          if (!(error instanceof StoreConflictError) || run === TRANSACTION_RUNS) throw error
          await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** run))
        }
      }
    },
    about: () => aboutDatabase(db as Kysely<never>),
    ping: async (nowMs) => {
      const value = { value: '', set_at_ms: nowMs }
      await db
        .insertInto('facts')
        .values({ name: 'last-ping', ...value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(value))
        .execute()
    },
    close: () => {
      closing ??= db.destroy()
      return closing
    },
  }
}

/**
 * Kysely lets the statements of a transaction wait for each other. Here each is handed to the connection at once, in the
 * order in which they were begun; the connection keeps that order.
 */
function sendTogether<T>(
  trx: Transaction<Tables>,
  dialect: Dialect,
  work: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  const executor = trx.getExecutor()
  return executor.provideConnection((connection) =>
    work(
      new Kysely<Tables>({
        config: { dialect },
        dialect,
        driver: new DummyDriver(),
        executor: executor.withConnectionProvider({ provideConnection: (use) => use(connection) }),
      }),
    ),
  )
}
