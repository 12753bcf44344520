import { describe, expect, it } from 'vitest'
import type { StoredApp } from '../app-store.ts'
import { StoreConflictError } from '../errors.ts'
import type { TokenEvent } from '../token-event-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const app = (change: Partial<StoredApp> = {}): StoredApp => ({
  appid: 'wx1',
  kind: 'mp-weixin',
  name: '商城',
  secretSealed: '1.k.sealed',
  settings: '{"rejoinAfterDays":30}',
  isEnabled: true,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...change,
})

const event = (change: Partial<TokenEvent> = {}): TokenEvent => ({
  id: `e${change.atMs ?? 0}`,
  appid: 'wx1',
  atMs: 0,
  kind: 'forced',
  expiresInS: null,
  errcode: null,
  rid: null,
  actor: 'a1',
  ...change,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testAppStore(create: CreateDatabases): void {
  describe('app store', () => {
    const at = useDatabases(create)

    it('gives apps as they were written, oldest first', async () => {
      await at.db.apps.add(app({ appid: 'wx2', kind: 'h5', secretSealed: null, createdAtMs: 2 }))
      await at.db.apps.add(app())
      expect(await at.other.apps.list()).toEqual([
        app(),
        app({ appid: 'wx2', kind: 'h5', secretSealed: null, createdAtMs: 2 }),
      ])
    })

    it('takes an appid once', async () => {
      await at.db.apps.add(app())
      await expect(at.other.apps.add(app({ name: 'other' }))).rejects.toThrow(StoreConflictError)
    })

    it('changes what is named and nothing else', async () => {
      await at.db.apps.add(app())
      expect(await at.other.apps.change('wx1', { isEnabled: false, updatedAtMs: 9 })).toBe(true)
      expect(await at.db.apps.list()).toEqual([app({ isEnabled: false, updatedAtMs: 9 })])
      expect(await at.db.apps.change('wx2', { name: 'x' })).toBe(false)
      expect(await at.db.transaction(({ apps }) => apps.lock('wx2'))).toBeUndefined()
    })

    it('lets two change one app after each other', async () => {
      await at.db.apps.add(app({ settings: '{"n":0}' }))
      const raise = (db: typeof at.db) =>
        db.transaction(async ({ apps }) => {
          const { n } = JSON.parse((await apps.lock('wx1'))?.settings ?? '')
          await apps.change('wx1', { settings: JSON.stringify({ n: n + 1 }) })
        })
      await Promise.all([raise(at.db), raise(at.other), raise(at.db)])
      expect(await at.db.apps.list()).toMatchObject([{ settings: '{"n":3}' }])
    })
  })

  describe('token event store', () => {
    const at = useDatabases(create)
    const rule = { max: 2, windowMs: 1000, minIntervalMs: 100 }
    const take = (db: typeof at.db, atMs: number, id = `f${atMs}`) =>
      db.transaction(({ tokenEvents }) => tokenEvents.takeForce(event({ id, atMs }), rule))

    it('gives the newest events of an app first', async () => {
      for (const atMs of [1, 3, 2]) await at.db.tokenEvents.add(event({ atMs, kind: 'fetched' }))
      await at.db.tokenEvents.add(event({ id: 'x', appid: 'wx2' }))
      expect((await at.other.tokenEvents.list('wx1', { limit: 2 })).map(({ atMs }) => atMs)).toEqual([3, 2])
    })

    it('allows a forced fetch to exactly one of many at once', async () => {
      const waits = await Promise.all(
        [at.db, at.other, at.db, at.other].map((db, index) => take(db, 5000, `f${index}`)),
      )
      expect(waits.filter((ms) => ms === 0)).toHaveLength(1)
      expect(waits.filter((ms) => ms === 100)).toHaveLength(3)
    })

    it('keeps forced fetches apart and counts them within the window', async () => {
      await at.db.tokenEvents.add(event({ id: 'fetched', atMs: 5000, kind: 'fetched' }))
      expect(await take(at.db, 5000)).toBe(0)
      expect(await take(at.other, 5060)).toBe(40)
      expect(await take(at.other, 5100)).toBe(0)
      expect(await take(at.db, 5300)).toBe(700)
      expect(await take(at.db, 6000)).toBe(0)
    })
  })
}
