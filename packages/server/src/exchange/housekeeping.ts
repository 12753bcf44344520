import type { Steps } from '../jobs/background.ts'
import type { Clock } from '../kernel/clock.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Database } from '../stores/database.ts'
import type { CodeKind, CodeRecord } from '../stores/exchange-store.ts'

/** Rows per step: a step is over before a login waiting for the database would notice. */
const STEP = 100

/** A dead phone code is remembered for a week: a copy that turns up again is known for what it is. */
const keepFinalMs: Record<CodeKind, number> = { login: 3_600_000, phone: 7 * 86_400_000 }

const keepExpiredSessionsMs = 7 * 86_400_000

/**
 * Ends the codes whose life is over, so that each has its line in the ledger, and forgets what is no longer
 * needed. Any number of processes may do it at once.
 */
export function createHousekeeping(parts: { db: Database; clock: Clock; ledger: LedgerWriter }): Steps {
  const { db, clock, ledger } = parts

  const end = (code: CodeRecord) =>
    db.transaction(async (stores) => {
      const state = code.state === 'unknown' ? 'lost' : 'expired'
      const settled = await stores.exchanges.settle(code.key, { state, nowMs: clock.now() })
      if (settled?.kind === 'phone') await ledger.add(stores, settled)
    })

  return {
    step: async () => {
      const nowMs = clock.now()
      const overdue = await db.exchanges.listOverdue(nowMs, STEP)
      for (const code of overdue) await end(code)
      let removed = 0
      for (const kind of ['login', 'phone'] as const) {
        removed += await db.exchanges.removeFinal(kind, {
          createdBeforeMs: nowMs - keepFinalMs[kind],
          limit: STEP,
        })
      }
      const expiredBeforeMs = nowMs - keepExpiredSessionsMs
      return overdue.length + removed + (await db.sessions.removeExpired({ expiredBeforeMs, limit: STEP }))
    },
  }
}
