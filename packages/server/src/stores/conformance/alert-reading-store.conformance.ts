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
      await at.db.tokenEvents.add({ ...fetched, id: '6', appid: 'wx4', atMs: 10 })
      await at.db.tokenEvents.add({ ...failed, id: '7', appid: 'wx4', atMs: 13 })
      // A fetch that was forced is written down before it is known how it ended.
      await at.db.tokenEvents.add({ ...failed, kind: 'forced', id: '8', appid: 'wx4', atMs: 14 })
      const found = await at.other.alertReadings.failingTokens(10)
      expect(found.sort((a, b) => (a.appid < b.appid ? -1 : 1))).toEqual([
        { appid: 'wx1', sinceMs: 10, errcode: 40125 },
        { appid: 'wx4', sinceMs: 13, errcode: 40125 },
      ])
      expect(await at.db.alertReadings.failingTokens(14)).toEqual([])
    })

    it('adds up how taps ended over hours and versions, as numbers', async () => {
      const sum = { startMs: 3_600_000, appid: 'wx1', component: 'quick', clientVersion: '1', durationMs: 0 }
      await at.db.telemetry.add([
        { ...sum, event: 'ended:quota', entries: 2 },
        { ...sum, event: 'ended:quota', clientVersion: '2', entries: 3 },
        { ...sum, event: 'consented', entries: 7 },
        { ...sum, event: 'shown', entries: 99 },
        { ...sum, event: 'ended:quota', startMs: 0, entries: 99 },
      ])
      const found = await at.other.alertReadings.taps(3_600_000)
      expect(found.sort((a, b) => (a.event < b.event ? -1 : 1))).toEqual([
        { appid: 'wx1', component: 'quick', event: 'consented', entries: 7 },
        { appid: 'wx1', component: 'quick', event: 'ended:quota', entries: 5 },
      ])
    })

    it('gives what WeChat refused of late, the newest first', async () => {
      const refused = { outcome: 'PHONE_CODE_INVALID', totalMs: 20 }
      await at.db.logins.add([
        login({ ...refused, id: 'a', atMs: 10, rid: 'r1' }),
        login({ ...refused, id: 'b', atMs: 20, rid: 'r2' }),
        login({ ...refused, id: 'c', atMs: 30, rid: null }),
        login({ ...refused, id: 'old', atMs: 9, rid: 'r0' }),
      ])
      expect(await at.other.alertReadings.refusals(10)).toEqual([
        { atMs: 20, totalMs: 20, rid: 'r2' },
        { atMs: 10, totalMs: 20, rid: 'r1' },
      ])
    })

    it('tells the time that all processes share, where there is one', async () => {
      const nowMs = await at.db.alertReadings.sharedNowMs()
      if (nowMs !== null) expect(Math.abs(nowMs - Date.now())).toBeLessThan(60_000)
    })

    it('has nothing to tell of an empty database', async () => {
      const { alertReadings } = at.db
      expect(await alertReadings.spending(0)).toEqual([])
    })
  })
}
