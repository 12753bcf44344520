import { describe, expect, it } from 'vitest'
import { DAY_MS, dayStart, HOUR_MS, startOfDay } from '../../kernel/calendar.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { LedgerSum } from '../ledger-sum-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { ledgerRow } from './samples.ts'

const day = startOfDay('2026-11-25') as number

/** What every implementation must do, on two connections, as two processes would have. */
export function testLedgerStore(create: CreateDatabases): void {
  describe('ledger store', () => {
    const at = useDatabases(create)
    const add = async (...rows: Partial<LedgerRow>[]) => {
      for (const row of rows) await at.db.ledger.add(ledgerRow({ seenAtMs: day, ...row }))
    }
    const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

    it('gives a row back as it was written', async () => {
      await at.db.ledger.add(ledgerRow({ id: 'l1', codeKey: 'k' }))
      expect(await at.other.ledger.find('k')).toEqual(ledgerRow({ id: 'l1', codeKey: 'k' }))
      expect(await at.other.ledger.findKeys(['k', 'other'])).toEqual(['k'])
      expect(await at.other.ledger.findKeys([])).toEqual([])
    })

    it('lists what waits for its money in the order of settlement, and books it', async () => {
      await add({ id: 'b', settledAtMs: 2 }, { id: 'a', settledAtMs: 2 }, { id: 'c', settledAtMs: 1 })
      expect(ids(await at.other.ledger.listUnbooked(2))).toEqual(['c', 'a'])
      const money = { cause: 'double-tap', listLi: 40, chargeLi: 7, chargedTo: 'pack:p1' } as const
      await at.other.ledger.book([{ ids: ['c', 'a'], seenMs: [day, day], ...money }], 9)
      expect(ids(await at.db.ledger.listUnbooked(9))).toEqual(['b'])
      const [booked] = await at.db.ledger.listBooked({
        appid: null,
        component: 'quick',
        fromMs: day,
        limit: 1,
      })
      expect(booked).toMatchObject({ ...money, bookedAtMs: 9 })
    })

    it('takes the money off again, newest first', async () => {
      const booked = { bookedAtMs: 5, chargeLi: 30, chargedTo: 'list' }
      await add(
        { id: 'a', seenAtMs: day + 1, ...booked },
        { id: 'b', seenAtMs: day + 2, ...booked },
        { id: 'c', seenAtMs: day + 3, appid: 'wx2', ...booked },
        { id: 'd', seenAtMs: day + 4, component: 'realtime', ...booked },
        { id: 'e', seenAtMs: day + 5 },
      )
      const of = { component: 'quick', fromMs: day, limit: 9 } as const
      expect(ids(await at.other.ledger.listBooked({ ...of, appid: null }))).toEqual(['c', 'b', 'a'])
      const own = await at.other.ledger.listBooked({ ...of, appid: 'wx1', fromMs: day + 2 })
      expect(ids(own)).toEqual(['b'])
      await at.other.ledger.unbook(own)
      await at.other.ledger.unbook([])
      expect(await at.db.ledger.listUnbooked(1)).toMatchObject([{ id: 'b', chargeLi: 0, chargedTo: null }])
    })

    it('confirms what a button told of before what nobody told of', async () => {
      const unknown = { isBilled: null, listLi: 0 }
      await add(
        { id: 'a', seenAtMs: day + 1, ...unknown },
        { id: 'b', seenAtMs: day + 3, consentedAtMs: day, ...unknown },
        { id: 'c', seenAtMs: day + 2, consentedAtMs: day, ...unknown },
        { id: 'd', seenAtMs: day + 4, appid: 'wx2', ...unknown },
        { id: 'e', seenAtMs: day + 4 },
      )
      const of = { appid: 'wx1', component: 'quick', seenMs: [day, day + 9] } as const
      const waiting = await at.other.ledger.listUnconfirmed({ ...of, limit: 9 })
      expect(ids(waiting)).toEqual(['c', 'b', 'a'])
      await at.other.ledger.confirm(waiting.slice(0, 2))
      expect(ids(await at.db.ledger.listUnconfirmed({ ...of, limit: 9 }))).toEqual(['a'])
    })

    it('lists the used entries of people, booked ones only', async () => {
      await add(
        { id: 'a', bookedAtMs: 1 },
        { id: 'b', bookedAtMs: 1, openid: 'o2' },
        { id: 'c', bookedAtMs: 1, state: 'lost' },
        { id: 'd' },
        { id: 'e', bookedAtMs: 1, seenAtMs: day + 9 },
      )
      const used = await at.other.ledger.listUsed({ openids: ['o1'], seenMs: [day, day + 8] })
      expect(ids(used)).toEqual(['a'])
    })

    it('gives pages by place, both ways, narrowed by what is named', async () => {
      const rows = Array.from({ length: 7 }, (_, i) => ({ id: `e${i}`, seenAtMs: day + Math.floor(i / 3) }))
      await add(...rows, { id: 'other', appid: 'wx2', openid: 'o2', memberId: 'm2' })
      const walk = async (newestFirst: boolean) => {
        const seen: string[] = []
        for (let after: LedgerRow | undefined; ; ) {
          const page = await at.other.ledger.page({ appid: 'wx1' }, { limit: 2, after, newestFirst })
          if (page.length === 0) return seen
          seen.push(...ids(page))
          after = page.at(-1)
        }
      }
      expect(await walk(false)).toEqual(rows.map(({ id }) => id))
      expect(await walk(true)).toEqual(rows.map(({ id }) => id).reverse())
      const found = async (filter: object) => ids(await at.other.ledger.page(filter, { limit: 9 }))
      expect(await found({ openid: 'o2' })).toEqual(['other'])
      expect(await found({ memberId: 'm2' })).toEqual(['other'])
      expect(await found({ appid: 'wx1', fromMs: day + 1, toMs: day + 2 })).toEqual(['e3', 'e4', 'e5'])
      expect(await found({ codeKey: 'nobody' })).toEqual([])
    })

    describe('sums', () => {
      const sum = (over: Partial<LedgerSum> = {}): LedgerSum => ({
        period: 'day',
        startMs: day,
        appid: 'wx1',
        component: 'quick',
        surface: 'login',
        state: 'used',
        cause: '',
        entries: 1,
        billedEntries: 1,
        listLi: 30,
        chargeLi: 30,
        ...over,
      })
      const days = (over: object = {}) =>
        at.other.ledgerSums.ask({
          period: 'day',
          fromMs: 0,
          toMs: day + DAY_MS,
          by: ['startMs', 'appid', 'cause'],
          ...over,
        })

      it('add up what many add at once, and vanish when all is taken away', async () => {
        await Promise.all(
          Array.from({ length: 6 }, (_, i) =>
            (i % 2 ? at.db : at.other).transaction((stores) => stores.ledgerSums.add([sum({ listLi: i })])),
          ),
        )
        expect(await days()).toMatchObject([{ entries: 6, billedEntries: 6, listLi: 15, chargeLi: 180 }])
        await at.db.ledgerSums.add([
          sum({ entries: -6, billedEntries: -6, listLi: -15, chargeLi: -180 }),
          sum({ cause: 'lost', entries: 1 }),
        ])
        expect(await days()).toMatchObject([{ cause: 'lost', entries: 1 }])
      })

      it('are asked by any dimension', async () => {
        await at.db.ledgerSums.add([
          sum(),
          sum({ appid: 'wx2', component: 'realtime', chargeLi: 40 }),
          sum({ startMs: day - DAY_MS, cause: 'lost' }),
          sum({ period: 'hour', entries: 9 }),
        ])
        expect(await days({ by: [] })).toEqual([{ entries: 3, billedEntries: 3, listLi: 90, chargeLi: 100 }])
        expect(await days({ by: ['component'] })).toMatchObject([
          { component: 'quick', entries: 2 },
          { component: 'realtime', chargeLi: 40 },
        ])
        expect(await days({ appid: 'wx1', fromMs: day })).toMatchObject([{ startMs: day, entries: 1 }])
        expect(await days({ component: 'realtime', by: ['appid'] })).toMatchObject([{ appid: 'wx2' }])
      })

      it('of a day are made anew from its booked entries, and those of other days stay', async () => {
        const booked = { bookedAtMs: 1, chargeLi: 5 }
        await add(
          { id: 'a', ...booked },
          { id: 'b', seenAtMs: day + HOUR_MS, ...booked },
          { id: 'c', seenAtMs: day + DAY_MS - 1, isBilled: null, ...booked, listLi: 0, chargeLi: 0 },
          { id: 'd' },
          { id: 'e', seenAtMs: day - 1, ...booked },
        )
        await at.db.ledgerSums.add([sum({ entries: 99 }), sum({ startMs: day - DAY_MS, entries: 7 })])
        await at.db.transaction(async (stores) => {
          await stores.ledgerSums.lock()
          await stores.ledgerSums.rebuildDay(dayStart(day + 5))
        })
        expect(await days()).toMatchObject([
          { startMs: day - DAY_MS, entries: 7 },
          { startMs: day, entries: 3, billedEntries: 2, listLi: 60, chargeLi: 10 },
        ])
        const hours = await days({ period: 'hour', by: ['startMs'] })
        expect(hours.map(({ startMs }) => (startMs as number) - day)).toEqual([0, HOUR_MS, 23 * HOUR_MS])
      })

      it('know how much was charged up to a moment, booked or not', async () => {
        const moments = [day - DAY_MS, day, day + HOUR_MS, day + 3 * HOUR_MS + 7, day + 3 * HOUR_MS + 9]
        await add(
          ...moments.map((seenAtMs, i) => ({ id: `a${i}`, seenAtMs, bookedAtMs: 1 })),
          { id: 'waits', seenAtMs: day + 1 },
          { id: 'free', seenAtMs: day + 1, isBilled: 0, bookedAtMs: 1 },
          { id: 'other', seenAtMs: day + 1, appid: 'wx2', bookedAtMs: 1 },
        )
        for (const startMs of [day - DAY_MS, day]) {
          await at.db.transaction((stores) => stores.ledgerSums.rebuildDay(startMs))
        }
        const count = (toMs: number) =>
          at.other.ledgerSums.countBilled({ appid: 'wx1', component: 'quick', toMs })
        expect(await count(day + 3 * HOUR_MS + 7)).toBe(5)
        expect(await count(day + 3 * HOUR_MS + 9)).toBe(6)
        expect(await count(day - 1)).toBe(1)
      })
    })

    it('adds up everything that was heard of: booked, waiting and open', async () => {
      await add({ id: 'a', bookedAtMs: 1, chargeLi: 30 }, { id: 'b' }, { id: 'c', state: 'lost' })
      await at.db.ledgerSums.rebuildDay(day)
      const nowMs = Date.now()
      await at.db.exchanges.tell(
        [
          {
            key: 'told',
            appid: 'wx1',
            component: 'realtime',
            clientVersion: null,
            build: null,
            platform: null,
            consentedAtMs: nowMs,
          },
        ],
        nowMs,
        HOUR_MS,
      )
      expect(await at.other.ledger.totals({})).toEqual([
        { appid: 'wx1', component: 'quick', state: 'lost', entries: 1, li: 0 },
        { appid: 'wx1', component: 'quick', state: 'used', entries: 2, li: 30 },
        { appid: 'wx1', component: 'realtime', state: 'open', entries: 1, li: 0 },
      ])
      const november = { fromMs: startOfDay('2025-11-01'), toMs: startOfDay('2025-12-01') }
      expect(await at.other.ledger.totals(november)).toEqual([])
    })
  })
}
