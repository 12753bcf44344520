import { type Kysely, sql } from 'kysely'
import type { LedgerTotal } from '../ledger-store.ts'
import type { Tables } from './tables.ts'

/**
 * Everything that was heard of, in one statement and so at one moment: what is booked from the sums of days, what waits
 * for that, and the codes that nobody settled yet. A code that is settled meanwhile is in one of them.
 */
export async function readTotals(
  db: Kysely<Tables>,
  { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: { fromMs?: number | undefined; toMs?: number | undefined },
): Promise<LedgerTotal[]> {
  const { rows } = await sql<LedgerTotal>`
    select appid, component, state, cast(sum(entries) as bigint) as entries, cast(sum(li) as bigint) as li
    from (
      select appid, component, state, entries, charge_li as li from ledger_sums
      where period = 'day' and start_ms >= ${fromMs} and start_ms < ${toMs}
      union all
      select appid, component, state, 1, 0 from ledger
      where booked_at_ms is null and seen_at_ms >= ${fromMs} and seen_at_ms < ${toMs}
      union all
      select appid, coalesce(component, 'quick'), state, 1, 0 from codes
      where settled_at_ms is null and kind = 'phone' and created_at_ms >= ${fromMs} and created_at_ms < ${toMs}
    ) heard
    group by appid, component, state
    order by appid, component, state`.execute(db)
  return rows
}
