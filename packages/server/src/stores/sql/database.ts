import { Kysely, Migrator, sql } from 'kysely'
import type { Database, Stores } from '../database.ts'
import { StoreConflictError } from '../errors.ts'
import { createSqlExchangeStore } from './exchange-store.ts'
import { createSqlLedgerStore } from './ledger-store.ts'
import { createSqlMemberStore } from './member-store.ts'
import { migrationProvider } from './migrations/index.ts'
import type { Tables } from './schema.ts'
import { createSqlSessionStore } from './session-store.ts'
import { createSqlSigningKeyStore } from './signing-key-store.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'

const TRANSACTION_RUNS = 5

/**
 * Opens an SQLite database and brings its tables up to date.
 *
 * @param path - A file path, or `:memory:`.
 * @throws {StoreUnavailableError} When the file cannot be opened.
 */
export async function openSqliteDatabase(path: string): Promise<Database> {
  const dialect = createSqliteDialect(openLibsql(path))
  const db = new Kysely<Tables>({ dialect })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return createSqlDatabase(db)
}

function createSqlDatabase(db: Kysely<Tables>): Database {
  return {
    ...createStores(db),
    transaction: async (work) => {
      for (let run = 1; ; run += 1) {
        try {
          return await db
            .transaction()
            .setIsolationLevel('serializable')
            .execute((trx) => work(createStores(trx)))
        } catch (error) {
          if (!(error instanceof StoreConflictError) || run === TRANSACTION_RUNS) throw error
        }
      }
    },
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}

function createStores(db: Kysely<Tables>): Stores {
  return {
    exchanges: createSqlExchangeStore(db),
    ledger: createSqlLedgerStore(db),
    members: createSqlMemberStore(db),
    sessions: createSqlSessionStore(db),
    signingKeys: createSqlSigningKeyStore(db),
  }
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: migrationProvider,
    migrationTableName: 'haoma_migrations',
    migrationLockTableName: 'haoma_migrations_lock',
  }).migrateToLatest()
  if (error) throw error
}
