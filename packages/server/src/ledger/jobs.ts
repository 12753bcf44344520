import type { Job } from '../jobs/job.ts'
import type { Bookkeeper } from './book.ts'

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
