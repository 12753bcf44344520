import type { Logger } from '../kernel/logger.ts'
import type { Database, Stores } from '../stores/database.ts'
import { StoreConflictError, StoreUnavailableError } from '../stores/errors.ts'

/** How an answer of WeChat's is kept until it is stored. */
export interface ConcludePolicy {
  /** How long the request that brought it waits for the database before it is told to come again. */
  patienceMs: number
  /** Longest pause between two tries. */
  longestPauseMs: number
  /** After this the code is dead anyway, and a human has to look. */
  keepMs: number
}

export interface Conclusion<T> {
  /** What came of it, or the database's error when the patience of the request is over. */
  result: Promise<T>
  /** Resolves when it is stored, or given up. */
  ended: Promise<void>
}

export interface ConcludeParts {
  db: Database
  logger: Logger
  policy: ConcludePolicy
  sleep: (ms: number) => Promise<void>
  /** Keeps the service open until the work is done. */
  track<T>(work: Promise<T>): Promise<T>
}

const FIRST_PAUSE_MS = 50

/**
 * Makes the owner of what WeChat said: it stores it in one transaction, again and again with pauses while the database
 * is away, whoever still waits for it. Nothing that was paid for depends on the client coming back.
 */
export function createConclude({ db, logger, policy, sleep, track }: ConcludeParts) {
  return <T>(work: (stores: Stores) => Promise<T>): Conclusion<T> => {
    let tellWaiting: (error: unknown) => void = () => {}
    const impatient = new Promise<never>((_, reject) => {
      tellWaiting = reject
    })
    const store = async (): Promise<T> => {
      for (let pauseMs = FIRST_PAUSE_MS, waitedMs = 0; ; ) {
        try {
          return await db.transaction(work)
        } catch (error) {
          if (!isPassing(error)) throw error
          if (waitedMs >= policy.patienceMs) tellWaiting(error)
          if (waitedMs >= policy.keepMs) {
            logger.error({ err: error }, "WeChat's answer could not be stored in the life of its code")
            throw error
          }
          await sleep(pauseMs)
          waitedMs += pauseMs
          pauseMs = Math.min(2 * pauseMs, policy.longestPauseMs)
        }
      }
    }
    const stored = track(store())
    impatient.catch(() => {})
    const ended = stored.then(
      () => {},
      () => {},
    )
    return { result: Promise.race([stored, impatient]), ended }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof StoreConflictError
}
