import { describe, expect, it } from 'vitest'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { login } from './login-store.conformance.ts'

/** What every implementation must do. */
export function testAlertReadingStore(create: CreateDatabases): void {
  describe('alert reading store', () => {
    const at = useDatabases(create)

    it('counts the ends of requests of late by app, as numbers', async () => {
      await at.db.logins.add([
        login({ id: 'a', atMs: 10, wechatMs: 30 }),
        login({ id: 'b', atMs: 20, wechatMs: 50 }),
        login({ id: 'c', atMs: 20, outcome: 'INTERNAL' }),
        login({ id: 'old', atMs: 9, wechatMs: 999 }),
      ])
      const found = await at.other.alertReadings.recentOutcomes(10)
      expect(found.sort((a, b) => (a.outcome < b.outcome ? -1 : 1))).toEqual([
        { appid: 'wx1', outcome: 'INTERNAL', entries: 1, askedWeChat: 0, wechatMs: 0 },
        { appid: 'wx1', outcome: 'ok', entries: 2, askedWeChat: 2, wechatMs: 80 },
      ])
    })

    it('tells apps whose token cannot be had from those that have recovered', async () => {
      const event = { expiresInS: null, rid: null, actor: null, errcode: null }
      const failed = { ...event, kind: 'failed', errcode: 40125 } as const
      const fetched = { ...event, kind: 'fetched' } as const
      await at.db.tokenEvents.add({ ...failed, id: '1', appid: 'wx1', atMs: 10 })
      await at.db.tokenEvents.add({ ...failed, id: '2', appid: 'wx1', atMs: 11 })
      await at.db.tokenEvents.add({ ...failed, id: '3', appid: 'wx2', atMs: 10 })
      await at.db.tokenEvents.add({ ...fetched, id: '4', appid: 'wx2', atMs: 12 })
      await at.db.tokenEvents.add({ ...fetched, id: '5', appid: 'wx3', atMs: 12 })
      const found = await at.other.alertReadings.tokenFailures(10)
      expect(found.sort((a, b) => (a.appid < b.appid ? -1 : 1))).toEqual([
        { appid: 'wx1', failures: 2, hasRecovered: false, errcode: 40125 },
        { appid: 'wx2', failures: 1, hasRecovered: true, errcode: 40125 },
      ])
    })

    it('has nothing to tell of an empty database', async () => {
      const { alertReadings } = at.db
      expect(await alertReadings.balances(0)).toEqual([])
      expect(await alertReadings.spending(0)).toEqual([])
    })
  })
}
