import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { StoreConflictError, StoreUnavailableError } from '../stores/errors.ts'
import type { LoginRecord, LoginSum } from '../stores/login-store.ts'
import { createPendingSums } from './sums.ts'

/**
 * The journal of logins. Entries wait in the process and are stored together, outside of any login: a database that is
 * slow or away costs a login nothing. Entries that wait for too long make room for newer ones; counts do not.
 */
export interface Journal {
  /** Never throws and never waits. @param isServed - Whether its app is one of the service's. */
  write(entry: LoginRecord, isServed: boolean): void
  /** Stores what waits by itself from now on. Timers never keep the process alive. */
  start(): void
  /** Stores what waits now, as far as the database takes it. */
  flush(): Promise<void>
  /** Stores what waits, and ends. */
  close(): Promise<void>
  /** Entries that were dropped because too many waited. */
  readonly shed: number
}

export interface JournalParts {
  db: Database
  clock: Clock
  newId: NewId
  logger: Logger
  /** Most entries that wait. Default is 10000. */
  waitingEntries?: number
}

/** What is stored together, under an id by which the database knows whether it has it. */
interface Batch {
  id: string
  entries: LoginRecord[]
  sums: LoginSum[]
}

const FLUSH_MS = 1000
const FLUSH_ENTRIES = 200
const WAITING_ENTRIES = 10_000

export function createJournal(parts: JournalParts): Journal {
  const { db, clock, newId, logger, waitingEntries = WAITING_ENTRIES } = parts
  const waiting: LoginRecord[] = []
  const sums = createPendingSums()
  let failed: Batch | undefined
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let shed = 0

  const nextBatch = (): Batch | undefined => {
    if (failed) return failed
    const entries = waiting.splice(0, FLUSH_ENTRIES)
    const counted = sums.take()
    if (entries.length === 0 && counted.length === 0) return undefined
    return { id: `logins:${newId(clock.now())}`, entries, sums: counted }
  }

  /** A batch whose commit had an unknown end is sent again as it is; the database has its id if it has the rest. */
  const store = ({ id, entries, sums: counted }: Batch) =>
    db.transaction(async (stores) => {
      if ((await stores.telemetry.takeBatches([id], clock.now())).length === 0) return
      await stores.logins.add(entries)
      await stores.logins.addSums(counted)
    })

  const storeAll = async (): Promise<void> => {
    for (let batch = nextBatch(); batch; batch = nextBatch()) {
      try {
        await store(batch)
        failed = undefined
      } catch (err) {
        if (isPassing(err)) {
          if (!failed) logger.warn({ err }, 'the journal of logins waits: it cannot be stored right now')
          failed = batch
          return
        }
        // What the database will never take must not keep the rest waiting; the counts are tried without it.
        logger.error({ err, entries: batch.entries.length }, 'entries of the journal cannot be stored')
        shed += batch.entries.length
        failed = batch.entries.length > 0 ? { ...batch, entries: [] } : undefined
      }
    }
  }

  const flush = (): Promise<void> => {
    running ??= storeAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    get shed() {
      return shed
    },
    write: (entry, isServed) => {
      sums.count(entry, isServed)
      waiting.push(entry)
      if (waiting.length > waitingEntries) {
        waiting.shift()
        shed += 1
      }
      if (timer && !failed && waiting.length >= FLUSH_ENTRIES) void flush()
    },
    start: () => {
      timer ??= setInterval(() => void flush(), FLUSH_MS)
      timer.unref()
    },
    flush: async () => {
      await running
      await flush()
    },
    close: async () => {
      clearInterval(timer)
      timer = undefined
      await running
      await flush()
    },
  }
}

const isPassing = (error: unknown) =>
  error instanceof StoreUnavailableError || error instanceof StoreConflictError
