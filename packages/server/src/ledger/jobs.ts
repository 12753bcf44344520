import type { Job } from '../jobs/job.ts'
import { HOUR_MS } from '../kernel/calendar.ts'
import type { Bookkeeper } from './book.ts'
import type { BookReconciliation } from './reconciliation.ts'

/** So far behind logins are sums and packs at most. */
const BOOK_EVERY_MS = 10_000

/** Gives settled entries their money. */
export function createBookingJob(bookkeeper: Bookkeeper): Job {
  return {
    name: 'book-ledger',
    everyMs: BOOK_EVERY_MS,
    run: async ({ signal }) => {
      await bookkeeper.book(signal)
      return undefined
    },
  }
}

/** WeChat's own count changes by the call; hourly shows in which hour two books went apart. */
const READ_EVERY_MS = HOUR_MS
const SETTLE_EVERY_MS = 300_000

/** Reads WeChat's balances. */
export function createReadBalancesJob({ read }: BookReconciliation): Job {
  return {
    name: 'read-balances',
    everyMs: READ_EVERY_MS,
    run: async () => {
      await read()
      return undefined
    },
  }
}

/** Compares what was read with the ledger. */
export function createReconcileJob({ settle }: BookReconciliation): Job {
  return {
    name: 'reconcile',
    everyMs: SETTLE_EVERY_MS,
    run: async ({ signal }) => {
      await settle(signal)
      return undefined
    },
  }
}
