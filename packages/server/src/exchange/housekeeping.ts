import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Database } from '../stores/database.ts'
import type { CodeKind, CodeRecord } from '../stores/exchange-store.ts'

/** Rows per step: a step is over before a login waiting for the database would notice. */
const STEP = 100

/** A dead phone code is remembered for a week: a copy that turns up again is known for what it is. */
const keepFinalMs: Record<CodeKind, number> = { login: 3_600_000, phone: 7 * 86_400_000 }

const keepExpiredSessionsMs = 7 * 86_400_000

export interface Housekeeping {
  /** Does one small round and says how many rows it touched; 0 when there is nothing to do. */
  step(): Promise<number>
}

/**
 * Ends the codes whose life is over, so that each has its line in the ledger, and forgets what is no longer
 * needed. Any number of processes may do it at once.
 */
export function createHousekeeping(parts: {
  db: Database
  clock: Clock
  ledger: LedgerWriter
}): Housekeeping {
  const { db, clock, ledger } = parts

  const end = (code: CodeRecord) =>
    db.transaction(async (stores) => {
      const state = code.state === 'unknown' ? 'lost' : 'expired'
      const settled = await stores.codes.settle(code.key, { state, nowMs: clock.now() })
      if (settled?.kind === 'phone') await ledger.add(stores, settled)
    })

  return {
    step: async () => {
      const nowMs = clock.now()
      const overdue = await db.codes.listOverdue(nowMs, STEP)
      for (const code of overdue) await end(code)
      let removed = 0
      for (const kind of ['login', 'phone'] as const) {
        removed += await db.codes.removeFinal(kind, {
          createdBeforeMs: nowMs - keepFinalMs[kind],
          limit: STEP,
        })
      }
      const expiredBeforeMs = nowMs - keepExpiredSessionsMs
      return overdue.length + removed + (await db.sessions.removeExpired({ expiredBeforeMs, limit: STEP }))
    },
  }
}

/** Repeats the steps until there is nothing to do, never two rounds at once. A failure waits for the next round. */
export function createBackground(housekeeping: Housekeeping, logger: Logger): () => Promise<void> {
  let round: Promise<void> | undefined
  const run = async () => {
    try {
      while ((await housekeeping.step()) > 0) await setImmediate()
    } catch (err) {
      logger.warn({ err }, 'housekeeping failed, it will be tried again')
    } finally {
      round = undefined
    }
  }
  return () => {
    round ??= run()
    return round
  }
}
