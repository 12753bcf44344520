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

/**
 * Kysely's SQLite dialect with write transactions. `begin immediate` takes the write lock at the start, so
 * that a transaction never fails half way because another process wrote in between: transactions of any
 * number of processes on one file run one after the other.
 */
export function createSqliteDialect(database: SqliteDatabase & { readonly inTransaction: boolean }): Dialect {
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
  readonly #database: { readonly inTransaction: boolean }

  constructor(database: SqliteDatabase & { readonly inTransaction: boolean }) {
    super({ database })
    this.#database = database
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or an I/O error has rolled back already; a second rollback would hide that error.
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}
