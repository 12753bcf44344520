import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../stores/database.ts'

const STEP = 100
const KEEP_EXPIRED_MS = 7 * 86_400_000

/** Removes sessions a week after they expired. */
export function createExpiredSessionsJob({ db, clock }: { db: Database; clock: Clock }): Job {
  return {
    name: 'forget-expired-sessions',
    everyMs: 600_000,
    run: async ({ signal }) => {
      while (!signal.aborted) {
        const expiredBeforeMs = clock.now() - KEEP_EXPIRED_MS
        if ((await db.sessions.removeExpired({ expiredBeforeMs, limit: STEP })) < STEP) return undefined
      }
      return undefined
    },
  }
}
