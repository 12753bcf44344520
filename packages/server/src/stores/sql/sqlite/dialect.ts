import { setTimeout as sleep } from 'node:timers/promises'
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
import { type Deadline, deadlineIn } from '../../../kernel/deadline.ts'
import { createMutex, type Mutex } from '../../../kernel/mutex.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { isLocked, type SqliteHandle } from './libsql.ts'

const LOCK_TIMEOUT_MS = 5000
const LOCK_POLL_MS = 20

export interface SqliteHandles {
  /** The one that writes. */
  writer: SqliteHandle
  /** A handle of its own, so that reads go on while somebody writes; or the writer itself, for a database in memory. */
  reader: SqliteHandle
}

/**
 * Kysely's SQLite dialect with write transactions. `begin immediate` takes the write lock at the start, so
 * that a transaction never fails half way because another process wrote in between: transactions of any
 * number of processes on one file run one after the other, those of this process in the order they came.
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

function createDriver({ writer, reader }: SqliteHandles): Driver {
  const mutex = createMutex()
  return {
    init: async () => {},
    acquireConnection: async () => new SqliteConnection({ writer, reader, mutex }),
    beginTransaction: (connection) => (connection as SqliteConnection).begin(),
    commitTransaction: async (connection) => (connection as SqliteConnection).end('commit'),
    rollbackTransaction: async (connection) => {
      // A full disk or an I/O error has rolled back already; a second rollback would hide that error.
      if (writer.inTransaction) (connection as SqliteConnection).end('rollback')
    },
    releaseConnection: async (connection) => (connection as SqliteConnection).release(),
    destroy: async () => {
      if (reader !== writer) reader.close()
      writer.close()
    },
  }
}

/** One user of the two handles. It has the writer to itself from the begin of a transaction to its release. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: SqliteHandle
  readonly #reader: SqliteHandle
  readonly #mutex: Mutex
  #release: (() => void) | undefined

  constructor({ writer, reader, mutex }: SqliteHandles & { mutex: Mutex }) {
    this.#writer = writer
    this.#reader = reader
    this.#mutex = mutex
  }

  async begin(): Promise<void> {
    const deadline = deadlineIn(LOCK_TIMEOUT_MS)
    await this.#enter(deadline)
    await waitForLock(() => this.#writer.prepare('begin immediate').run([]), deadline)
  }

  end(how: 'commit' | 'rollback'): void {
    this.#writer.prepare(how).run([])
  }

  release(): void {
    this.#release?.()
    this.#release = undefined
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return run(this.#writer, query)
    const deadline = deadlineIn(LOCK_TIMEOUT_MS)
    if (query.query.kind === 'SelectQueryNode' && this.#reader !== this.#writer) {
      return waitForLock(() => run<R>(this.#reader, query), deadline)
    }
    await this.#enter(deadline)
    try {
      return await waitForLock(() => run<R>(this.#writer, query), deadline)
    } finally {
      this.release()
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the SQLite stores do not stream')
  }

  /** Waits for its turn at the writer within this process. */
  async #enter(deadline: Deadline): Promise<void> {
    this.#release = await this.#mutex.acquire(deadline)
    if (!this.#release) throw new StoreUnavailableError('the SQLite database is busy')
  }
}

function run<R>(handle: SqliteHandle, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const statement = handle.prepare(sql)
  if (statement.reader) return { rows: statement.all(parameters) as R[] }
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) }
}

/**
 * Waits for a write lock that another process has, without blocking this one as SQLite's own busy handler would.
 */
async function waitForLock<T>(attempt: () => T, deadline: Deadline): Promise<T> {
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isLocked(error) || deadline.isOver) throw error
      await sleep(1 + Math.random() * LOCK_POLL_MS)
    }
  }
}
