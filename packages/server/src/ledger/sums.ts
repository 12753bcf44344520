import { dayStart, hourStart } from '../kernel/calendar.ts'
import type { LedgerRow } from '../stores/ledger-store.ts'
import type { LedgerSum } from '../stores/ledger-sum-store.ts'

/**
 * What entries come to by hour and by day.
 *
 * @param sign - -1 to take them away.
 */
export function sumsOf(entries: readonly LedgerRow[], sign: 1 | -1): LedgerSum[] {
  const sums = new Map<string, LedgerSum>()
  for (const { appid, component, surface, state, cause, ...entry } of entries) {
    const whole = { appid, component, surface, state, cause }
    for (const [period, startMs] of [
      ['hour', hourStart(entry.seenAtMs)],
      ['day', dayStart(entry.seenAtMs)],
    ] as const) {
      const key = JSON.stringify([period, startMs, ...Object.values(whole)])
      const sum = sums.get(key) ?? {
        period,
        startMs,
        ...whole,
        entries: 0,
        billedEntries: 0,
        listLi: 0,
        chargeLi: 0,
      }
      sum.entries += sign
      sum.billedEntries += sign * (entry.isBilled === 1 ? 1 : 0)
      sum.listLi += sign * entry.listLi
      sum.chargeLi += sign * entry.chargeLi
      sums.set(key, sum)
    }
  }
  // In one order, so that two who add at once wait for each other instead of blocking each other.
  return [...sums.keys()].sort().map((key) => sums.get(key) as LedgerSum)
}
