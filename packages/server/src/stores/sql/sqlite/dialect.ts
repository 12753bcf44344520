import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { deadlineIn } from '../../../kernel/deadline.ts'

const LOCK_TIMEOUT_MS = 5000
const LOCK_POLL_MS = 20

export interface LockingDatabase extends SqliteDatabase {
  readonly inTransaction: boolean
  /** Whether a statement failed only because another connection is writing. */
  isLocked(error: unknown): boolean
}

/**
 * Kysely's SQLite dialect with write transactions. `begin immediate` takes the write lock at the start, so
 * that a transaction never fails half way because another process wrote in between: transactions of any
 * number of processes on one file run one after the other.
 */
export function createSqliteDialect(database: LockingDatabase): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => new ImmediateDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Runs all pending migrations in one transaction, whose write lock is also the lock between processes. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: LockingDatabase

  constructor(database: LockingDatabase) {
    super({ database })
    this.#database = database
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return waitForLock(await super.acquireConnection(), this.#database)
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or an I/O error has rolled back already; a second rollback would hide that error.
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/**
 * Waits for a write lock that another connection has, without blocking the process as SQLite's own busy
 * handler would. Inside a transaction the lock is ours, so there is nothing to wait for.
 */
function waitForLock(connection: DatabaseConnection, database: LockingDatabase): DatabaseConnection {
  return {
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    executeQuery: async <R>(query: CompiledQuery) => {
      const deadline = deadlineIn(LOCK_TIMEOUT_MS)
      for (;;) {
        try {
          return await connection.executeQuery<R>(query)
        } catch (error) {
          const isWorthWaiting = database.isLocked(error) && !database.inTransaction
          if (!isWorthWaiting || deadline.isOver) throw error
          await sleep(1 + Math.random() * LOCK_POLL_MS)
        }
      }
    },
  }
}
