import { describe, expect, it } from 'vitest'
import type { Pack } from '../tariff-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { pack, reading } from './samples.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testTariffStore(create: CreateDatabases): void {
  describe('store of prices and packs', () => {
    const at = useDatabases(create)

    it('keeps one price of a moment, the last that was set', async () => {
      const price = { component: 'quick', fromMs: 5, li: 28 } as const
      await at.db.tariffs.setPrice(price)
      await at.other.tariffs.setPrice({ ...price, li: 27 })
      await at.db.tariffs.setPrice({ ...price, component: 'realtime', fromMs: 1 })
      expect(await at.other.tariffs.listPrices()).toEqual([
        { component: 'realtime', fromMs: 1, li: 28 },
        { ...price, li: 27 },
      ])
      expect(await at.db.tariffs.removePrice(price)).toBe(true)
      expect(await at.db.tariffs.removePrice(price)).toBe(false)
    })

    it('takes one trial of an app and component, and one pack of a package, of any number at once', async () => {
      const one = async (over: Partial<Pack>) => {
        const added = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            (i % 2 ? at.db : at.other).tariffs.addPack(pack({ id: `${over.kind}${i}`, ...over })),
          ),
        )
        return added.filter(Boolean).length
      }
      expect(await one({ kind: 'trial' })).toBe(1)
      expect(await one({ kind: 'pack', packageId: 'w1' })).toBe(1)
      expect(await one({ kind: 'free' })).toBe(8)
    })

    it('counts what is booked to a pack, from any number of processes', async () => {
      await at.db.tariffs.addPack(pack({ usedEntries: 1, allocatedLi: 5 }))
      await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          (i % 2 ? at.db : at.other).tariffs.charge('p1', { entries: 1, li: i ? 7 : -5 }),
        ),
      )
      expect(await at.other.tariffs.findPack('p1')).toEqual(pack({ usedEntries: 7, allocatedLi: 35 }))
      await at.db.tariffs.changePack('p1', { priceLi: null, endsAtMs: 9 })
      expect(await at.other.tariffs.listPacks({ appid: 'wx1', component: 'quick' })).toMatchObject([
        { priceLi: null, endsAtMs: 9, usedEntries: 7 },
      ])
      expect(await at.other.tariffs.listPacks({ component: 'realtime' })).toEqual([])
      expect(await at.db.tariffs.removePack('p1')).toBe(true)
      expect(await at.db.tariffs.removePack('p1')).toBe(false)
    })

    it('gives orders to book anew in the order in which they came', async () => {
      const order = { appid: null, component: 'quick', fromMs: 1 } as const
      await at.db.tariffs.addRebooking({ ...order, id: 'b', createdAtMs: 2 })
      await at.db.tariffs.addRebooking({ ...order, id: 'a', createdAtMs: 1, appid: 'wx1' })
      expect(await at.other.tariffs.nextRebooking()).toMatchObject({ id: 'a', appid: 'wx1' })
      await at.other.tariffs.endRebooking('a')
      expect(await at.db.tariffs.nextRebooking()).toMatchObject({ id: 'b' })
      await at.other.tariffs.endRebooking('b')
      expect(await at.db.tariffs.nextRebooking()).toBeUndefined()
    })

    it('keeps what WeChat said of its balance, and what came of comparing it', async () => {
      const { balances } = at.db
      const whole = reading({
        packages: [{ packageId: 'w1', isTrial: true, entries: 10, used: 2, startsAtMs: 0, endsAtMs: null }],
      })
      await balances.add(reading({ id: 'r0', atMs: 1, error: '48001', wechatUsed: null }))
      await balances.add(whole)
      await balances.add(reading({ id: 'r2', atMs: 30 }))
      await balances.add(reading({ id: 'r3', atMs: 40, component: 'realtime' }))
      await balances.add(reading({ id: 'other-product', atMs: 2, spuId: '10000117' }))
      const quick = { appid: 'wx1', component: 'quick', spuId: whole.spuId } as const
      const others = at.other.balances
      expect(await others.first(quick)).toEqual(whole)
      expect((await others.list({ ...quick, limit: 9 })).map(({ id }) => id)).toEqual([
        'r2',
        'r1',
        'other-product',
        'r0',
      ])
      expect((await others.list({ limit: 9, fromMs: 30 })).map(({ id }) => id)).toEqual(['r3', 'r2'])
      expect((await others.newest(0)).map(({ id }) => id)).toEqual(['r2', 'r3'])
      expect((await others.newest(35)).map(({ id }) => id)).toEqual(['r3'])
      expect((await others.listOpen(40, 9)).map(({ id }) => id)).toEqual(['other-product', 'r1', 'r2'])
      const result = {
        oursUsed: 7,
        difference: 2,
        explanation: [{ cause: 'never-sent', entries: 2 }],
        reconciledAtMs: 50,
      } as const
      await others.reconcile('r1', { ...result, explanation: [...result.explanation] })
      expect((await balances.listOpen(41, 9)).map(({ id }) => id)).toEqual(['other-product', 'r2', 'r3'])
      expect(await balances.first(quick)).toMatchObject(result)
    })
  })
}
