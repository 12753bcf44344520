import { forEachRow, type Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Database } from '../stores/database.ts'
import type { CodeRecord, FinalCodeState } from '../stores/exchange-store.ts'
import { takeSteps } from './steps.ts'
import { stateAfter } from './transitions.ts'

/** Rows per step: a step is over before a login waiting for the database would notice. */
const STEP = 100

/** A dead code is remembered for two days: a copy that turns up again is known for what it is. */
const KEEP_FINAL_MS = 2 * 86_400_000
/** A repeated request gets its answer for so long. */
const KEEP_ANSWER_MS = 10 * 60_000

export interface ExchangeJobsParts {
  db: Database
  clock: Clock
  ledger: LedgerWriter
}

/** Ends the codes whose life is over and that nobody has, so that each has its row in the ledger. */
export function createOverdueCodesJob({ db, clock, ledger }: ExchangeJobsParts): Job {
  const end = (code: CodeRecord) =>
    db.transaction(async (stores) => {
      const state = stateAfter(code.state, 'overdue') as FinalCodeState
      const settlement = { state, attempt: code.attempt }
      await takeSteps(stores, [{ do: 'settle', code, settlement }], { ledger, nowMs: clock.now() })
    })

  return {
    name: 'end-overdue-codes',
    everyMs: 30_000,
    run: async ({ signal }) => {
      let after: CodeRecord | undefined
      while (!signal.aborted) {
        const rows: CodeRecord[] = await db.exchanges.listOverdue(clock.now(), { limit: STEP, after })
        await forEachRow(rows, signal, end)
        if (rows.length < STEP) return undefined
        after = rows.at(-1)
      }
      return undefined
    },
  }
}

/** Takes the answers out of codes that ended ten minutes ago, and forgets those of two days ago. */
export function createForgetCodesJob({ db, clock }: ExchangeJobsParts): Job {
  return {
    name: 'forget-codes',
    everyMs: 60_000,
    run: async ({ signal }) => {
      while (!signal.aborted) {
        const nowMs = clock.now()
        const erased = await db.exchanges.eraseAnswers({
          settledBeforeMs: nowMs - KEEP_ANSWER_MS,
          limit: STEP,
        })
        const removed = await db.exchanges.removeFinal({
          createdBeforeMs: nowMs - KEEP_FINAL_MS,
          limit: STEP,
        })
        if (erased < STEP && removed < STEP) return undefined
      }
      return undefined
    },
  }
}
