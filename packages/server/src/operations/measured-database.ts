import { stopwatch } from '../kernel/deadline.ts'
import { noTracing, type Tracing } from '../kernel/tracing.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { CodeRecord } from '../stores/exchange-store.ts'
import type { Metrics } from './metrics.ts'

type Told = Pick<Metrics, 'codeEnded' | 'transactionEnded'>

/** The same database; it tells how long transactions take, shows them as spans, and how codes end once that is committed. */
export function measuredDatabase(
  db: Database,
  metrics: Told,
  { within }: Pick<Tracing, 'within'> = noTracing,
): Database {
  return withSettlements(
    {
      ...db,
      transaction: async (work) => {
        const elapsed = stopwatch()
        let ended: CodeRecord[] = []
        try {
          const result = await within('transaction', () =>
            db.transaction((stores) => {
              // A transaction that conflicts runs again from the start.
              ended = []
              return work(withSettlements(stores, (code) => ended.push(code)))
            }),
          )
          metrics.transactionEnded('ok', elapsed())
          for (const code of ended) metrics.codeEnded(code)
          return result
        } catch (error) {
          metrics.transactionEnded(error instanceof Error ? error.name : 'unknown', elapsed())
          throw error
        }
      },
    },
    (code) => metrics.codeEnded(code),
  )
}

/** The stores are made when they are asked for, so they are inherited, not copied. */
function withSettlements<S extends Stores>(stores: S, tell: (code: CodeRecord) => void): S {
  const settle: Stores['exchanges']['settle'] = async (settlement) => {
    const code = await stores.exchanges.settle(settlement)
    if (code) tell(code)
    return code
  }
  let exchanges: Stores['exchanges'] | undefined
  return Object.create(stores, {
    exchanges: {
      get: () => {
        exchanges ??= { ...stores.exchanges, settle }
        return exchanges
      },
    },
  })
}
