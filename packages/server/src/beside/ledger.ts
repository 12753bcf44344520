import { openDatabase } from '../assembly/database.ts'
import { monthRange } from '../kernel/calendar.ts'
import { systemClock } from '../kernel/clock.ts'
import { createBookkeeper } from '../ledger/book.ts'
import type { LedgerTotal } from '../stores/ledger-store.ts'
import type { BesideOptions } from './open.ts'

/** The ledger of a service, and the connection it was opened on. */
export interface OpenLedger {
  /**
   * Entries and money of each app, component and state. The entries add up to every consent heard of: `open` and
   * `unknown` are those that nobody has settled yet. The money of what was settled a moment ago is worked out first.
   *
   * @param month - `2026-11`, in Shanghai. Default is all that was ever heard of.
   * @throws {TypeError} When it is no month.
   */
  totals(month?: string): Promise<LedgerTotal[]>
  close(): Promise<void>
}

/**
 * Opens the ledger of a service for a program beside it, such as a command: on the same database, while the service runs.
 * It needs no master key: the ledger seals nothing.
 *
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openLedger(options: BesideOptions = {}): Promise<OpenLedger> {
  const db = await openDatabase(options)
  const bookkeeper = createBookkeeper({ db, clock: systemClock })
  return {
    totals: async (month) => {
      const range = month === undefined ? {} : monthRange(month)
      if (range === undefined) {
        throw new TypeError(
          `应为月份，如 2026-11，而不是 ${month} / a month such as 2026-11 was expected, not ${month}`,
        )
      }
      await bookkeeper.book()
      return db.ledger.totals(range)
    },
    close: () => db.close(),
  }
}
