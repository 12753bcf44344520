import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { CompiledQuery, QueryResult } from 'kysely'
import Libsql from 'libsql'
import { StoreConflictError, StoreUnavailableError } from '../../errors.ts'

const OPEN_TIMEOUT_MS = 5000
const CACHED_STATEMENTS = 256

/** One open SQLite file, with its statements prepared once: preparing costs twice as much as running. */
export interface SqliteHandle {
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  /** Moves what the log holds into the file. While another process reads, the log stays for whoever closes last. */
  tidy(): void
  close(): void
}

export interface SqliteStatement {
  /** Whether it answers with rows. */
  reader: boolean
  all(parameters: readonly unknown[]): unknown[]
  run(parameters: readonly unknown[]): { changes: number }
}

/**
 * Opens an SQLite file, making its folder when missing. Committed data survives a power cut (WAL with synchronous FULL).
 *
 * @param path - A file path, or `:memory:`.
 * @param use - `read` for a second handle that never writes.
 * @throws {StoreUnavailableError} When the file cannot be opened.
 */
export function openLibsql(path: string, use: 'write' | 'read' = 'write'): SqliteHandle {
  const db = translated(() => {
    if (path !== ':memory:' && use === 'write') createPrivateFile(path)
    const opened = new Libsql(path)
    try {
      for (const pragma of [
        `busy_timeout = ${OPEN_TIMEOUT_MS}`,
        'journal_mode = WAL',
        'synchronous = FULL',
        'foreign_keys = ON',
        ...(use === 'read' ? ['query_only = ON'] : []),
        // From here on the dialect waits for locks, without blocking the process.
        'busy_timeout = 0',
      ]) {
        opened.pragma(pragma)
      }
    } catch (error) {
      opened.close()
      throw error
    }
    return opened
  }, 'open')
  const statements = new Map<string, SqliteStatement>()
  return {
    get inTransaction() {
      return db.open && db.inTransaction
    },
    prepare: (sql) => {
      const known = statements.get(sql)
      if (known) return known
      const statement = translatedStatement(translated(() => db.prepare(sql)))
      const oldest = statements.size >= CACHED_STATEMENTS ? statements.keys().next().value : undefined
      if (oldest !== undefined) statements.delete(oldest)
      statements.set(sql, statement)
      return statement
    },
    tidy: () => {
      try {
        db.pragma('wal_checkpoint(TRUNCATE)')
      } catch {
        // It is tried again at the next start or close.
      }
    },
    close: () => {
      statements.clear()
      if (db.open) db.close()
    },
  }
}

/** Runs a statement of Kysely's. */
export function runStatement<R>(handle: SqliteHandle, { sql, parameters }: CompiledQuery): QueryResult<R> {
  const statement = handle.prepare(sql)
  if (statement.reader) return { rows: statement.all(parameters) as R[] }
  return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) }
}

/** Whether a statement failed only because another connection is writing. */
export function isLocked(error: unknown): boolean {
  return error instanceof StoreUnavailableError && codeOf(error.cause).startsWith('SQLITE_BUSY')
}

/** SQLite itself would make the file readable by everybody. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

function translatedStatement(statement: Libsql.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => translated(() => statement.all(parameters)),
    run: (parameters) => translated(() => statement.run(parameters)),
  }
}

const CONFLICTS = ['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']
const FAULTS_OF_THE_CALLER = ['SQLITE_ERROR', 'SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_RANGE']

/** Runs a driver call; what it throws becomes one of the store's own errors, or stays when it is a bug. */
function translated<T>(call: () => T, doing: 'open' | 'query' = 'query'): T {
  try {
    return call()
  } catch (cause) {
    const code = codeOf(cause)
    if (CONFLICTS.includes(code)) throw new StoreConflictError('a unique index is taken', { cause })
    if (FAULTS_OF_THE_CALLER.some((fault) => code.startsWith(fault))) throw cause
    throw new StoreUnavailableError(`the SQLite database does not ${doing === 'open' ? 'open' : 'answer'}`, {
      cause,
    })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
