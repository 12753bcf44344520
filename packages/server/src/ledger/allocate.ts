import type { LedgerRow } from '../stores/ledger-store.ts'
import type { Pack, Price } from '../stores/tariff-store.ts'
import { priceLiAt } from './prices.ts'

/** What one entry costs, and where that is charged. */
export type Money = Pick<LedgerRow, 'listLi' | 'chargeLi' | 'chargedTo'>

/** What is known of an entry that money depends on. */
export type Chargeable = Pick<LedgerRow, 'appid' | 'component' | 'isBilled' | 'seenAtMs'>

/** Works out what entries cost, one after the other, and keeps in mind what that uses up. */
export interface Allocator {
  charge(entry: Chargeable): Money
  /** What the entries so far took from each pack. */
  taken(): Map<string, { entries: number; li: number }>
}

const nothing: Money = { listLi: 0, chargeLi: 0, chargedTo: 'none' }

/**
 * Uses calls up as WeChat does: what is free, then the trial, then the pack that ends first; what no pack has room for
 * costs the list price.
 *
 * A pack's price is split by a running quotient: after n of its calls, ⌊price × n ÷ calls⌋ li are charged in all. So each
 * call costs a whole number of li, two calls differ by one at most, and the last one brings the sum to the price exactly.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/PhoneNumberGuide.html
 */
export function createAllocator(packs: readonly Pack[], prices: readonly Price[]): Allocator {
  const states = [...packs].sort(inOrderOfUse).map((pack) => ({ pack, entries: 0, li: 0 }))
  const hasRoom = ({ pack, entries }: (typeof states)[number]) =>
    pack.entries === null || pack.usedBefore + pack.usedEntries + entries < pack.entries

  return {
    charge: (entry) => {
      if (entry.isBilled !== 1) return nothing
      const listLi = priceLiAt(entry.component, entry.seenAtMs, prices)
      const from = states.find((state) => isFor(state.pack, entry) && hasRoom(state))
      if (!from) return { listLi, chargeLi: listLi, chargedTo: 'list' }
      const { pack } = from
      from.entries += 1
      const chargeLi = pack.kind === 'pack' ? shareOf(pack, from, listLi) : 0
      from.li += chargeLi
      return { listLi, chargeLi, chargedTo: chargedToOf(pack) }
    },
    taken: () =>
      new Map(states.flatMap(({ pack, entries, li }) => (entries === 0 ? [] : [[pack.id, { entries, li }]]))),
  }
}

/** How entries name the pack that they are charged to. */
export const chargedToOf = ({ id, kind }: Pick<Pack, 'id' | 'kind'>): string => `${kind}:${id}`

/** The id of the pack that a name names. */
export const packOf = (chargedTo: string | null): string | undefined => {
  const [kind, id] = (chargedTo ?? '').split(/:(.*)/s)
  return kind === 'pack' || kind === 'trial' || kind === 'free' ? id : undefined
}

const ranks: Record<Pack['kind'], number> = { free: 0, trial: 1, pack: 2 }
const never = Number.POSITIVE_INFINITY

function inOrderOfUse(a: Pack, b: Pack): number {
  return (
    ranks[a.kind] - ranks[b.kind] ||
    compare(a.endsAtMs ?? never, b.endsAtMs ?? never) ||
    compare(a.startsAtMs, b.startsAtMs) ||
    compare(a.id, b.id)
  )
}

const compare = <T extends number | string>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

const isFor = (pack: Pack, { appid, component, seenAtMs }: Chargeable) =>
  pack.appid === appid &&
  pack.component === component &&
  pack.startsAtMs <= seenAtMs &&
  (pack.endsAtMs === null || seenAtMs < pack.endsAtMs)

/**
 * The share of the call that was just counted. What entries that were taken back have left behind comes in again with
 * the next ones.
 */
function shareOf(pack: Pack, now: { entries: number; li: number }, listLi: number): number {
  const { entries, priceLi, usedBefore, usedEntries, allocatedLi } = pack
  if (priceLi === null || entries === null) return listLi
  const dueLi = (calls: number) => Math.floor((priceLi * calls) / entries)
  const chargedLi = dueLi(usedBefore) + allocatedLi + now.li
  return Math.max(0, dueLi(usedBefore + usedEntries + now.entries) - chargedLi)
}
