import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { LoginStore } from '../stores/login-store.ts'

const DAY_MS = 86_400_000
/** A failed login is looked for within weeks; the sums stay. */
const KEPT_MS = 90 * DAY_MS
const STEP = 500

/** Forgets entries of the journal after 90 days. */
export function createForgetLoginsJob({ logins, clock }: { logins: LoginStore; clock: Clock }): Job {
  return {
    name: 'forget-logins',
    everyMs: 3_600_000,
    run: async ({ signal }) => {
      while (!signal.aborted && (await logins.removeBefore(clock.now() - KEPT_MS, STEP)) === STEP) {
        // The next few.
      }
      return undefined
    },
  }
}
