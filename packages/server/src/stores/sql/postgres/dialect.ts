import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { translatePostgresError } from './errors.ts'

/**
 * Kysely's PostgreSQL dialect, on connections that send without waiting: statements that a transaction does not wait
 * for one by one go out together and cost one round trip. Statements have no names and nothing outlives a transaction,
 * so PgBouncer in transaction mode can stand in between.
 *
 * @param onRoundTrip - Told of each time that something is sent after an answer came.
 */
export function createPostgresDialect(pool: Pool, onRoundTrip?: () => void): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => createDriver(pool, onRoundTrip),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/**
 * Kysely's lock belongs to a connection, and behind PgBouncer each transaction has another one. The lock of migrations
 * belongs to their transaction (migration-lock.ts).
 */
class Adapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

function createDriver(pool: Pool, onRoundTrip: (() => void) | undefined): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => {
      try {
        return new PostgresConnection(await pool.connect(), onRoundTrip)
      } catch (error) {
        throw translatePostgresError(error)
      }
    },
    beginTransaction: async (connection) => (connection as PostgresConnection).begin(),
    commitTransaction: (connection) => (connection as PostgresConnection).commit(),
    rollbackTransaction: (connection) => (connection as PostgresConnection).rollback(),
    releaseConnection: async (connection) => (connection as PostgresConnection).release(),
    destroy: () => pool.end(),
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #onRoundTrip: (() => void) | undefined
  /** Nothing was sent since an answer came, so that what is sent now can have waited for it. */
  #hasAnswer = true
  #begun: Promise<unknown> | undefined
  #hasEnded = false
  /** What the transaction failed with: all that was on its way behind it fails too, and of less. */
  #failure: unknown
  #isBroken = false

  constructor(client: PoolClient, onRoundTrip: (() => void) | undefined) {
    this.#client = client
    this.#onRoundTrip = onRoundTrip
  }

  /** Sends it together with the first statement. When it fails, so does everything after it. */
  begin(): void {
    this.#begun = this.#send('begin isolation level read committed')
    this.#begun.catch(() => {})
  }

  async commit(): Promise<void> {
    this.#hasEnded = true
    await this.#begun
    const { command } = await this.#send('commit')
    // This is how PostgreSQL says that a statement had failed before.
    if (command !== 'COMMIT') throw this.#failure
  }

  async rollback(): Promise<void> {
    this.#hasEnded = true
    this.#failure = undefined
    if (!this.#isBroken) await this.#send('rollback')
  }

  release(): void {
    this.#client.release(this.#isBroken)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // It would be stored alone, whatever became of the transaction.
    if (this.#hasEnded) throw new Error('the transaction has ended')
    const { command, rows, rowCount } = await this.#send(query.sql, query.parameters)
    const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows, ...(isWrite && { numAffectedRows: BigInt(rowCount ?? 0) }) }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the PostgreSQL stores do not stream')
  }

  async #send(sql: string, parameters: readonly unknown[] = []) {
    if (this.#hasAnswer) this.#onRoundTrip?.()
    this.#hasAnswer = false
    try {
      return await this.#client.query(sql, [...parameters])
    } catch (error) {
      // An answer of the server has a severity; anything else means that the connection is of no more use.
      if (!(error instanceof Error && 'severity' in error && error.severity === 'ERROR'))
        this.#isBroken = true
      const failure = translatePostgresError(error)
      if (this.#begun !== undefined) this.#failure ??= failure
      throw this.#failure ?? failure
    } finally {
      this.#hasAnswer = true
    }
  }
}
