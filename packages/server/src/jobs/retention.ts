import type { Clock } from '../kernel/clock.ts'
import type { AgingTable, RetentionStore } from '../stores/retention-store.ts'
import type { Job } from './job.ts'

/**
 * How long rows are kept, in days. Codes and their answers (two days, ten minutes), sessions (a week after they expired)
 * and tables in months have jobs of their own; erasures and merges are kept for ever.
 */
const retentionDays: Readonly<Record<AgingTable, number>> = {
  /** After they ran out. */
  admin_links: 7,
  /** After they ran out. */
  admin_sessions: 30,
  /** Those without a name, which only stood in an address. */
  saved_filters: 1,
  /** Counts of limits, after they ran out. */
  limits: 0,
  /** After they ran out. */
  merge_tickets: 1,
  /** After the number left the member: long enough to tell a new holder from the old one. The open ones stay. */
  phone_bindings: 730,
  events: 90,
  /** After they ran out. */
  sms_requests: 7,
  token_events: 30,
}

const STEP = 200

/** Removes what was kept for long enough; a table that fails leaves the others alone. */
export function createRetentionJob(parts: {
  store: RetentionStore
  clock: Clock
  /** What differs from {@link retentionDays}. */
  days?: Partial<Record<AgingTable, number>>
}): Job {
  const days = { ...retentionDays, ...parts.days }
  return {
    name: 'retention',
    everyMs: 3_600_000,
    run: async ({ signal }) => {
      const failures: unknown[] = []
      for (const table of Object.keys(days) as AgingTable[]) {
        const beforeMs = parts.clock.now() - days[table] * 86_400_000
        try {
          while (!signal.aborted && (await parts.store.removeBefore(table, beforeMs, STEP)) === STEP) {
            // The next few.
          }
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw new Error('some tables could not be tidied', { cause: failures[0] })
      return undefined
    },
  }
}
