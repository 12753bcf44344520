import { allOf } from '../kernel/all-of.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Stores } from '../stores/database.ts'
import type { CodeRecord, Settlement } from '../stores/exchange-store.ts'
import type { LivingState } from './transitions.ts'

/** What becomes of one code in a transaction. */
export type Step =
  | { do: 'settle'; code: CodeRecord; settlement: Omit<Settlement, 'key' | 'nowMs'> }
  | { do: 'release'; code: CodeRecord; state: LivingState }
  /** A login code that was used before has a new session. */
  | { do: 'attach'; code: CodeRecord; to: { memberId: string; sessionId: string } }

/** Somebody else ended a code meanwhile: what was about to be stored is rolled back, and theirs is the result. */
export class SettledElsewhere extends Error {}

/** Takes the steps, each phone code that ends with its row in the ledger. All go out together. */
export async function takeSteps(
  stores: Stores,
  steps: readonly Step[],
  { ledger, nowMs }: { ledger: LedgerWriter; nowMs: number },
): Promise<void> {
  await allOf(
    steps.map(async (step) => {
      const { key, attempt } = step.code
      if (step.do === 'attach') return stores.exchanges.attach(key, step.to)
      if (step.do === 'release') return stores.exchanges.release({ key, attempt, state: step.state })
      const [record] = await allOf([
        stores.exchanges.settle({ key, nowMs, ...step.settlement }),
        step.code.kind === 'phone' && ledger.add(stores, settledRecord(step.code, step.settlement, nowMs)),
      ])
      if (!record) throw new SettledElsewhere()
    }),
  )
}

/** The code as it will be, so that its ledger row need not wait for it. */
function settledRecord(
  code: CodeRecord,
  { attempt: _, ...settlement }: Omit<Settlement, 'key' | 'nowMs'>,
  nowMs: number,
): CodeRecord {
  const known = Object.fromEntries(Object.entries(settlement).filter(([, value]) => value !== undefined))
  return { ...code, ...known, settledAtMs: nowMs }
}
