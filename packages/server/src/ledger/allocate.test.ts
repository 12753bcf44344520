import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack } from '../stores/conformance/samples.ts'
import type { Pack } from '../stores/tariff-store.ts'
import { createAllocator } from './allocate.ts'
import { listPrices, priceLiAt } from './prices.ts'

const now = Date.parse('2026-11-25T12:00:00+08:00')
const entry = { appid: 'wx1', component: 'quick', isBilled: 1, seenAtMs: now } as const
const chargesOf = (packs: Pack[], count: number, over: object = {}) => {
  const allocator = createAllocator(packs, listPrices)
  return Array.from({ length: count }, () => allocator.charge({ ...entry, ...over }))
}
const where = (packs: Pack[], count: number, over: object = {}) =>
  chargesOf(packs, count, over).map(({ chargedTo }) => chargedTo)

describe('WeChat’s order of use', () => {
  it('is what is free, the trial, the pack that ends first, and then the list', () => {
    const packs = [
      pack({ id: 'never-ends', entries: 1 }),
      pack({ id: 'late', entries: 1, endsAtMs: now + 9 }),
      pack({ id: 'soon', entries: 1, endsAtMs: now + 5 }),
      pack({ id: 'trial', kind: 'trial', entries: 2, priceLi: 0, usedBefore: 1 }),
    ]
    expect(where(packs, 5)).toEqual(['trial:trial', 'pack:soon', 'pack:late', 'pack:never-ends', 'list'])
    const free = pack({ id: 'gov', kind: 'free', entries: null, priceLi: null })
    expect(where([...packs, free], 2)).toEqual(['free:gov', 'free:gov'])
  })

  it('takes no pack of another app or component, none before its start, and none from its end on', () => {
    const others = [
      pack({ appid: 'wx2' }),
      pack({ component: 'realtime' }),
      pack({ startsAtMs: now + 1 }),
      pack({ endsAtMs: now }),
    ]
    expect(where(others, 1)).toEqual(['list'])
    expect(where([pack({ startsAtMs: now, endsAtMs: now + 1 })], 1)).toEqual(['pack:p1'])
  })

  it('takes nothing for what WeChat does not charge, or nobody knows of', () => {
    for (const isBilled of [0, null]) {
      expect(chargesOf([pack()], 1, { isBilled })).toEqual([{ listLi: 0, chargeLi: 0, chargedTo: 'none' }])
    }
  })

  it('costs the list price of its day where nobody said what the pack cost', () => {
    expect(chargesOf([pack({ priceLi: null })], 1)).toMatchObject([{ chargeLi: 30, chargedTo: 'pack:p1' }])
    expect(chargesOf([], 1, { component: 'realtime' })).toMatchObject([{ chargeLi: 40, chargedTo: 'list' }])
  })
})

describe('the price of a pack', () => {
  it('is split so that it adds up exactly, in shares that differ by one li at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 12 }),
        (entries, priceLi, steps) => {
          let state = pack({ entries, priceLi })
          const shares: number[] = []
          for (const step of [...steps, entries]) {
            const allocator = createAllocator([state], listPrices)
            for (let i = 0; i < step; i += 1) {
              const { chargeLi, chargedTo } = allocator.charge(entry)
              if (chargedTo === 'pack:p1') shares.push(chargeLi)
            }
            const taken = allocator.taken().get('p1') ?? { entries: 0, li: 0 }
            state = {
              ...state,
              usedEntries: state.usedEntries + taken.entries,
              allocatedLi: state.allocatedLi + taken.li,
            }
          }
          expect(shares).toHaveLength(entries)
          expect(shares.reduce((sum, li) => sum + li, 0)).toBe(priceLi)
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
          expect(state.allocatedLi).toBe(priceLi)
        },
      ),
    )
  })

  it('adds up also when entries were taken back in between', () => {
    // Three for one li: 0, 0, 1. The first two were taken back, the third stays.
    const state = pack({ entries: 3, priceLi: 1, usedEntries: 1, allocatedLi: 1 })
    expect(chargesOf([state], 3).map(({ chargeLi }) => chargeLi)).toEqual([0, 0, 30])
  })

  it('counts what was used before this ledger began', () => {
    const shares = chargesOf([pack({ entries: 3, priceLi: 100, usedBefore: 2 })], 2)
    expect(shares).toMatchObject([
      { chargeLi: 34, chargedTo: 'pack:p1' },
      { chargeLi: 30, chargedTo: 'list' },
    ])
  })
})

describe('a list price', () => {
  it('holds from its moment on, and of one moment the later line', () => {
    const prices = [
      { component: 'quick', fromMs: 10, li: 30 },
      { component: 'quick', fromMs: 20, li: 25 },
      { component: 'realtime', fromMs: 15, li: 40 },
      { component: 'quick', fromMs: 20, li: 24 },
    ] as const
    expect([9, 10, 19, 20].map((atMs) => priceLiAt('quick', atMs, prices))).toEqual([0, 30, 30, 24])
  })

  it('is 3 fen for the quick component and 4 fen for the realtime one, since WeChat charges', () => {
    const first = Date.parse('2023-08-27T16:00:00Z')
    expect([priceLiAt('quick', first - 1), priceLiAt('quick', first), priceLiAt('realtime', now)]).toEqual([
      0, 30, 40,
    ])
  })
})
