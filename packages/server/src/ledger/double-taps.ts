import type { Stores } from '../stores/database.ts'
import type { LedgerRow } from '../stores/ledger-store.ts'

/** Whoever agrees twice within a minute to the same button of the same app meant it once. */
const ONE_TAP_MS = 60_000

type Used = Pick<LedgerRow, 'id' | 'appid' | 'component' | 'openid' | 'seenAtMs'>

/**
 * Which of these entries are second ones: the same person's consent was used within a minute, and booked before. Of two
 * that meet one is named, whichever is settled first.
 */
export async function findDoubleTaps(
  stores: Stores,
  entries: readonly LedgerRow[],
): Promise<ReadonlySet<string>> {
  const used = entries.filter(({ state, openid }) => state === 'used' && openid !== null)
  if (used.length === 0) return new Set()
  const times = used.map(({ seenAtMs }) => seenAtMs)
  const known = await stores.ledger.listUsed({
    openids: [...new Set(used.map(({ openid }) => openid as string))],
    seenMs: [Math.min(...times) - ONE_TAP_MS, Math.max(...times) + ONE_TAP_MS],
  })
  const before = new Map<string, number[]>()
  const remember = (entry: Used) =>
    before.set(keyOf(entry), [...(before.get(keyOf(entry)) ?? []), entry.seenAtMs])
  for (const entry of known) remember(entry)
  const seconds = new Set<string>()
  for (const entry of used) {
    const others = before.get(keyOf(entry)) ?? []
    if (others.some((seenAtMs) => Math.abs(seenAtMs - entry.seenAtMs) <= ONE_TAP_MS)) seconds.add(entry.id)
    remember(entry)
  }
  return seconds
}

const keyOf = ({ appid, component, openid }: Used) => JSON.stringify([appid, component, openid])
