import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { runStatement, type SqliteHandle } from './libsql.ts'
import { createWriter, type Turn, type Writer, waitForLock } from './writer.ts'

export interface SqliteHandles {
  /** The one that writes. */
  writer: SqliteHandle
  /** A handle of its own, so that reads go on while somebody writes; or the writer itself, for a database in memory. */
  reader: SqliteHandle
}

/**
 * Kysely's SQLite dialect with write transactions. `begin immediate` takes the write lock at the start, so
 * that a transaction never fails half way because another process wrote in between: transactions of any
 * number of processes on one file run one after the other, those of this process in the order they came, and several
 * of them with one commit (writer.ts).
 */
export function createSqliteDialect(handles: SqliteHandles): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => createDriver(handles),
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

function createDriver({ writer: handle, reader }: SqliteHandles): Driver {
  const writer = createWriter(handle)
  const ownReader = reader === handle ? undefined : reader
  return {
    init: async () => {},
    acquireConnection: async () => new SqliteConnection(writer, ownReader),
    beginTransaction: (connection) => (connection as SqliteConnection).begin(),
    commitTransaction: (connection) => (connection as SqliteConnection).commit(),
    rollbackTransaction: async (connection) => (connection as SqliteConnection).rollback(),
    releaseConnection: async () => {},
    destroy: async () => {
      await writer.close()
      ownReader?.close()
      handle.tidy()
      handle.close()
    },
  }
}

/** One user of the two handles. It has the writer to itself from the begin of a transaction to its end. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: Writer
  readonly #reader: SqliteHandle | undefined
  #turn: Turn | undefined

  constructor(writer: Writer, reader: SqliteHandle | undefined) {
    this.#writer = writer
    this.#reader = reader
  }

  async begin(): Promise<void> {
    this.#turn = await this.#writer.takeTurn()
  }

  async commit(): Promise<void> {
    const turn = this.#turn
    this.#turn = undefined
    await turn?.keep()
  }

  rollback(): void {
    this.#turn?.undo()
    this.#turn = undefined
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#turn) return this.#turn.run(query)
    const reader = this.#reader
    if (reader && query.query.kind === 'SelectQueryNode')
      return waitForLock(() => runStatement<R>(reader, query))
    const turn = await this.#writer.takeTurn()
    let result: QueryResult<R>
    try {
      result = turn.run<R>(query)
    } catch (error) {
      turn.undo()
      throw error
    }
    await turn.keep()
    return result
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the SQLite stores do not stream')
  }
}
