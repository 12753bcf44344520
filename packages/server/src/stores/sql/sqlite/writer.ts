import { setImmediate } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledQuery, QueryResult } from 'kysely'
import { type Deadline, deadlineIn } from '../../../kernel/deadline.ts'
import { createMutex } from '../../../kernel/mutex.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { isLocked, runStatement, type SqliteHandle } from './libsql.ts'

const LOCK_TIMEOUT_MS = 5000
const LOCK_POLL_MS = 20

/** The one writer of a file: turns at it come one after the other, in the order in which they were asked for. */
export interface Writer {
  /** @throws {StoreUnavailableError} When others write for too long. */
  takeTurn(): Promise<Turn>
  /** Commits what was kept, and lets nobody write any more. */
  close(): Promise<void>
}

/** Something that is written whole or not at all. It ends with `keep` or `undo`. */
export interface Turn {
  run<R>(query: CompiledQuery): QueryResult<R>
  /** Resolves when it is on the disk. */
  keep(): Promise<void>
  undo(): void
}

/** Turns that were kept and wait for one commit. */
type Group = { resolve(): void; reject(error: unknown): void }[]

/**
 * A commit waits for the disk, and the process waits with it. So turns that come close together have one commit: it
 * happens when the event loop has been round once, and until then whoever comes goes on in the same transaction, behind
 * a savepoint of its own. Nobody is told that something is kept before it is on the disk, and when the commit fails it
 * fails for all.
 */
export function createWriter(handle: SqliteHandle): Writer {
  const mutex = createMutex()
  const execute = (sql: string) => void handle.prepare(sql).run([])
  let group: Group | undefined

  const failGroup = (error: unknown) => {
    const failed = group ?? []
    group = undefined
    for (const { reject } of failed) reject(error)
  }

  const commit = async (due: Group): Promise<void> => {
    const release = await mutex.acquire()
    try {
      if (group !== due) return
      execute('commit')
      group = undefined
      for (const { resolve } of due) resolve()
    } catch (error) {
      failGroup(error)
      if (handle.inTransaction) execute('rollback')
    } finally {
      release?.()
    }
  }

  const joinGroup = (): Promise<void> => {
    if (group === undefined) {
      const opened: Group = []
      group = opened
      setImmediate(() => void commit(opened))
    }
    const joined = group
    return new Promise((resolve, reject) => {
      joined.push({ resolve, reject })
    })
  }

  return {
    takeTurn: async () => {
      const deadline = deadlineIn(LOCK_TIMEOUT_MS)
      const release = await mutex.acquire(deadline)
      if (!release) throw new StoreUnavailableError('the SQLite database is busy')
      const isFirst = group === undefined
      const attempt = <T>(work: () => T): T => {
        // A full disk or an I/O error ends the whole transaction, and a statement after it would be stored alone.
        if (!handle.inTransaction) throw new Error('the transaction has ended')
        try {
          return work()
        } catch (error) {
          if (!handle.inTransaction) failGroup(error)
          throw error
        }
      }
      try {
        if (isFirst) await waitForLock(() => execute('begin immediate'), deadline)
        else attempt(() => execute('savepoint turn'))
      } catch (error) {
        release()
        throw error
      }
      return {
        run: (query) => attempt(() => runStatement(handle, query)),
        keep: () => {
          try {
            attempt(() => {
              if (!isFirst) execute('release turn')
            })
            return joinGroup()
          } finally {
            release()
          }
        },
        undo: () => {
          try {
            if (!handle.inTransaction) return
            for (const sql of isFirst ? ['rollback'] : ['rollback to turn', 'release turn']) execute(sql)
          } finally {
            release()
          }
        },
      }
    },
    close: async () => {
      if (group !== undefined) await commit(group)
    },
  }
}

/** Waits for a lock that another process has, without blocking this one as SQLite's own busy handler would. */
export async function waitForLock<T>(
  attempt: () => T,
  deadline: Deadline = deadlineIn(LOCK_TIMEOUT_MS),
): Promise<T> {
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isLocked(error) || deadline.isOver) throw error
      await sleep(1 + Math.random() * LOCK_POLL_MS)
    }
  }
}
