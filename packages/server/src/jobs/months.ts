import { monthName, monthRange } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Month, type MonthStore, type MonthTable, monthTables } from '../stores/month-store.ts'
import type { Job } from './job.ts'

/** How long rows are kept, in days; `null` is for ever. On PostgreSQL months go whole, so up to a month longer. */
const keptDays: Readonly<Record<MonthTable, number | null>> = {
  audit: 1095,
  /** The book of what was paid for. */
  ledger: null,
  logins: 90,
  telemetry_events: 7,
}

const DAY_MS = 86_400_000
const MONTHS_AHEAD = 3
const STEP = 500

/** Makes room for this month and the three after it, and removes what was kept for long enough. */
export function createMonthsJob(parts: {
  store: MonthStore
  clock: Clock
  /** What differs from the table above. */
  days?: Partial<Record<MonthTable, number | null>>
}): Job {
  const { store, clock } = parts
  const days = { ...keptDays, ...parts.days }

  const tend = async (table: MonthTable, signal: AbortSignal): Promise<void> => {
    for (const month of monthsFrom(clock.now())) await store.makeRoom(table, month)
    const kept = days[table]
    if (kept === null) return
    const beforeMs = clock.now() - kept * DAY_MS
    await store.dropMonthsBefore(table, beforeMs)
    while (!signal.aborted && (await store.removeBefore(table, beforeMs, STEP)) === STEP) {
      // The next few.
    }
  }

  return {
    name: 'months',
    everyMs: 3_600_000,
    run: async ({ signal }) => {
      const failures: unknown[] = []
      for (const table of Object.keys(monthTables) as MonthTable[]) {
        if (signal.aborted) break
        await tend(table, signal).catch((error: unknown) => failures.push(error))
      }
      if (failures.length > 0) throw new Error('some tables could not be tended', { cause: failures[0] })
      return undefined
    },
  }
}

function monthsFrom(nowMs: number): Month[] {
  const months: Month[] = []
  for (let atMs = nowMs; months.length <= MONTHS_AHEAD; ) {
    const name = monthName(atMs)
    const range = monthRange(name)
    if (!range) throw new Error(`${name} is no month`)
    months.push({ name, ...range })
    atMs = range.toMs
  }
  return months
}
