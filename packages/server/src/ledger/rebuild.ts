import { DAY_MS, dayStart } from '../kernel/calendar.ts'
import type { Database } from '../stores/database.ts'

/**
 * Puts the sums of some time together anew from the entries, a day in a transaction, while everything goes on. What comes
 * of it is what was there, unless somebody changed the tables by hand.
 *
 * @returns how many days were done
 */
export async function rebuildSums(
  db: Database,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal?: AbortSignal,
): Promise<number> {
  let days = 0
  for (let startMs = dayStart(fromMs); startMs < toMs && !signal?.aborted; startMs += DAY_MS) {
    await db.transaction(async (stores) => {
      await stores.ledgerSums.lock()
      await stores.ledgerSums.rebuildDay(startMs)
    })
    days += 1
  }
  return days
}
