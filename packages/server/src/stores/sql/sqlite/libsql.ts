import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SqliteStatement } from 'kysely'
import Libsql from 'libsql'
import { StoreConflictError, StoreUnavailableError } from '../../errors.ts'
import type { LockingDatabase } from './dialect.ts'

const OPEN_TIMEOUT_MS = 5000
const CACHED_STATEMENTS = 256

/**
 * Opens an SQLite file, making its folder when missing. Committed data survives a power cut (WAL with
 * synchronous FULL). Statements are prepared once: preparing costs twice as much as running.
 *
 * @param path - A file path, or `:memory:`.
 * @throws {StoreUnavailableError} When the file cannot be opened.
 */
export function openLibsql(path: string): LockingDatabase {
  const db = translated(() => {
    if (path !== ':memory:') createPrivateFile(path)
    const opened = new Libsql(path)
    for (const pragma of [
      `busy_timeout = ${OPEN_TIMEOUT_MS}`,
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
      // From here on the dialect waits for locks, without blocking the process.
      'busy_timeout = 0',
    ]) {
      opened.pragma(pragma)
    }
    return opened
  }, 'open')
  const statements = new Map<string, SqliteStatement>()
  return {
    get inTransaction() {
      return db.open && db.inTransaction
    },
    isLocked: (error) =>
      error instanceof StoreUnavailableError && codeOf(error.cause).startsWith('SQLITE_BUSY'),
    prepare: (sql) => {
      const known = statements.get(sql)
      if (known) return known
      const statement = translatedStatement(translated(() => db.prepare(sql)))
      const oldest = statements.size >= CACHED_STATEMENTS ? statements.keys().next().value : undefined
      if (oldest !== undefined) statements.delete(oldest)
      statements.set(sql, statement)
      return statement
    },
    close: () => {
      statements.clear()
      if (db.open) db.close()
    },
  }
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
    iterate: (parameters) => translated(() => statement.iterate(parameters)),
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
