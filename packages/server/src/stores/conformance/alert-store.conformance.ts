import { describe, expect, it } from 'vitest'
import type { Alert, AlertChannel, AlertMessage, AlertRule } from '../alert-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const rule = (over: Partial<AlertRule> = {}): AlertRule => ({
  id: 'r1',
  name: 'low',
  kind: 'balance-low',
  settings: { threshold: 500, appids: ['wx1'] },
  channels: ['c1'],
  quietHours: { from: '22:00', to: '08:00' },
  isEnabled: true,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...over,
})
const channel = (over: Partial<AlertChannel> = {}): AlertChannel => ({
  id: 'c1',
  name: 'robot',
  kind: 'wecom',
  configSealed: 'x',
  isEnabled: true,
  createdAtMs: 1,
  sentAtMs: null,
  lastError: null,
  ...over,
})
const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 'a1',
  ruleId: 'r1',
  cause: 'wx1 quick',
  state: 'open',
  appid: 'wx1',
  data: { left: 3 },
  openedAtMs: 10,
  seenAtMs: 10,
  closedAtMs: null,
  notifiedAtMs: null,
  ...over,
})
const message = (over: Partial<AlertMessage> = {}): AlertMessage => ({
  id: 'm1',
  channelId: 'c1',
  alertId: 'a1',
  about: 'opened',
  state: 'waiting',
  attempts: 0,
  nextAtMs: 10,
  lastError: null,
  createdAtMs: 10,
  ...over,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testAlertStore(create: CreateDatabases): void {
  describe('alert store', () => {
    const at = useDatabases(create)
    const each = <T>(count: number, work: (db: typeof at.db, i: number) => Promise<T>) =>
      Promise.all(Array.from({ length: count }, (_, i) => work(i % 2 ? at.db : at.other, i)))

    it('keeps rules and channels, and makes the first rules once for ever', async () => {
      await each(2, (db) =>
        db.transaction(({ alerts }) => alerts.ensureRules([rule(), rule({ id: 'r2' })], 1)),
      )
      expect(await at.db.alerts.listRules()).toEqual([rule(), rule({ id: 'r2' })])
      const change = { settings: {}, channels: [], quietHours: null, isEnabled: false }
      expect(await at.db.alerts.changeRule('r1', change)).toBe(true)
      expect((await at.other.alerts.listRules())[0]).toEqual(rule(change))
      expect(await at.db.alerts.changeRule('r9', { name: 'x' })).toBe(false)
      for (const id of ['r1', 'r2']) expect(await at.db.alerts.removeRule(id)).toBe(true)
      await at.db.alerts.ensureRules([rule()], 2)
      expect(await at.db.alerts.listRules()).toEqual([])

      await at.db.alerts.addChannel(channel())
      expect(await at.db.alerts.changeChannel('c1', { isEnabled: false, lastError: 'x' })).toBe(true)
      expect(await at.other.alerts.listChannels()).toEqual([channel({ isEnabled: false, lastError: 'x' })])
      expect(await at.db.transaction(({ alerts }) => alerts.lockChannel('c1'))).toEqual(
        channel({ isEnabled: false, lastError: 'x' }),
      )
      expect(await at.db.transaction(({ alerts }) => alerts.lockChannel('c9'))).toBeUndefined()
      await at.db.alerts.addRule(rule({ id: 'named', channels: ['c0', 'c1'] }))
      expect([await at.db.alerts.removeChannel('c1'), await at.db.alerts.removeChannel('c1')]).toEqual([
        true,
        false,
      ])
      expect((await at.other.alerts.listRules()).map(({ channels }) => channels)).toEqual([['c0']])
    })

    it('keeps the names of what did not open, each once', async () => {
      await each(4, (db) => db.alerts.noteUnopened('x (k1)', 10))
      await at.db.alerts.noteUnopened('y (k1)', 20)
      expect(await at.other.alerts.listUnopened(10)).toEqual(['x (k1)', 'y (k1)'])
      expect(await at.other.alerts.listUnopened(11)).toEqual(['y (k1)'])
      await at.db.alerts.noteUnopened('x (k1)', 30)
      expect(await at.other.alerts.listUnopened(25)).toEqual(['x (k1)'])
    })

    it('opens one alert of a cause, whoever finds it, and again when it is over', async () => {
      const opened = await each(8, (db, i) => db.alerts.open(alert({ id: `a${i}` })))
      expect(opened.filter(Boolean)).toHaveLength(1)
      expect(await at.db.alerts.open(alert({ id: 'b', cause: 'wx2 quick' }))).toBe(true)
      const [open] = await at.db.alerts.listOpen('r1')
      const closed = await each(4, (db) => db.alerts.close(open?.id ?? '', 20))
      expect(closed.filter(Boolean)).toHaveLength(1)
      expect(await at.other.alerts.open(alert({ id: 'again' }))).toBe(true)
      await at.db.alerts.touch('again', { seenAtMs: 30, data: { left: 1 } })
      expect(await at.db.alerts.find(['again'])).toEqual([
        alert({ id: 'again', seenAtMs: 30, data: { left: 1 } }),
      ])
    })

    it('gives a due message to one of many, and again when its time ran out', async () => {
      await at.db.alerts.addMessages([
        message(),
        message({ id: 'm2', about: 'closed' }),
        message({ id: 'm3', alertId: 'a2', nextAtMs: 99 }),
      ])
      await at.other.alerts.addMessages([message({ id: 'twice' })])
      const claim = (nowMs: number) => ({ nowMs, leaseMs: 50, limit: 9 })
      const claims = await each(6, (db) => db.alerts.claimDue('c1', claim(10)))
      expect(claims.flat().map(({ id, attempts }) => [id, attempts])).toEqual([
        ['m1', 1],
        ['m2', 1],
      ])
      await at.db.alerts.settle(['m1'], { state: 'sent', nextAtMs: 0, lastError: null })
      expect((await at.other.alerts.claimDue('c1', claim(60))).map(({ id }) => id)).toEqual(['m2'])
      expect(await at.other.alerts.claimDue('c2', claim(60))).toEqual([])
    })

    it('pages from the newest on, and forgets what has been over for long, with its messages', async () => {
      for (const i of [1, 2, 3]) {
        await at.db.alerts.open(alert({ id: `a${i}`, cause: `c${i}`, openedAtMs: i }))
        await at.db.alerts.addMessages([message({ id: `m${i}`, alertId: `a${i}` })])
      }
      await at.db.alerts.close('a1', 5)
      await at.db.alerts.markNotified(['a1'], 6)
      const ids = async (filter: object) =>
        (await at.other.alerts.page({ limit: 2, ...filter })).map(({ id }) => id)
      expect(await ids({})).toEqual(['a3', 'a2'])
      expect(await ids({ before: { openedAtMs: 2, id: 'a2' } })).toEqual(['a1'])
      expect(await ids({ state: 'closed' })).toEqual(['a1'])
      expect(await at.db.alerts.removeBefore(5, 9)).toBe(0)
      expect(await at.db.alerts.removeBefore(6, 9)).toBe(1)
      expect(await ids({ state: 'closed' })).toEqual([])
      await at.db.alerts.removeRule('r1')
      expect(await at.db.alerts.claimDue('c1', { nowMs: 99, leaseMs: 1, limit: 9 })).toEqual([])
    })
  })
}
