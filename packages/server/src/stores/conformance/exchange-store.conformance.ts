import { describe, expect, it } from 'vitest'
import type { ClaimRequest, CodeRecord } from '../exchange-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testExchangeStore(create: CreateDatabases): void {
  describe('store of exchanges', () => {
    const at = useDatabases(create)
    const claim = (over: Partial<ClaimRequest> = {}): ClaimRequest => ({
      key: 'k',
      kind: 'phone',
      appid: 'wx1',
      surface: 'login',
      owner: 'login:d1',
      openid: 'o1',
      component: 'quick',
      leaseOwner: 'p1',
      leaseUntilMs: 100,
      nowMs: 10,
      expiresAtMs: 1000,
      ...over,
    })
    describe('codes', () => {
      it('lets one of many owners at once have a code', async () => {
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            (i % 2 ? at.db : at.other).exchanges.claim(claim({ leaseOwner: `p${i}` })),
          ),
        )
        expect(claims.map(({ outcome }) => outcome).sort()).toEqual(['claimed', ...Array(19).fill('held')])
      })

      it('lets a code that was released be claimed again, as it was', async () => {
        await at.db.exchanges.claim(claim())
        await at.db.exchanges.release('k', { owner: 'p1', state: 'open' })
        const again = await at.other.exchanges.claim(claim({ leaseOwner: 'p2' }))
        expect(again).toMatchObject({ outcome: 'claimed', code: { state: 'open', attempt: 2 } })
      })

      it('keeps a code unknown once it was', async () => {
        await at.db.exchanges.claim(claim())
        await at.db.exchanges.release('k', { owner: 'p1', state: 'unknown' })
        await at.db.exchanges.claim(claim())
        await at.db.exchanges.release('k', { owner: 'p1', state: 'open' })
        expect(await at.db.exchanges.find('k')).toMatchObject({ state: 'unknown' })
      })

      it('calls a code unknown when its lease was not released', async () => {
        await at.db.exchanges.claim(claim())
        expect(await at.other.exchanges.claim(claim({ leaseOwner: 'p2', nowMs: 99 }))).toEqual({
          outcome: 'held',
          leaseUntilMs: 100,
        })
        const taken = await at.other.exchanges.claim(
          claim({ leaseOwner: 'p2', nowMs: 100, leaseUntilMs: 200 }),
        )
        expect(taken).toMatchObject({ outcome: 'claimed', code: { state: 'unknown' } })
      })

      it('lets the owner of a lease claim again before it runs out', async () => {
        await at.db.exchanges.claim(claim())
        expect(await at.db.exchanges.claim(claim())).toMatchObject({
          outcome: 'claimed',
          code: { state: 'unknown' },
        })
      })

      it('lets only the owner of a lease release it', async () => {
        await at.db.exchanges.claim(claim())
        await at.db.exchanges.release('k', { owner: 'p2', state: 'open' })
        expect(await at.db.exchanges.claim(claim({ leaseOwner: 'p3' }))).toMatchObject({ outcome: 'held' })
      })

      it('is foreign to another openid, in every state', async () => {
        await at.db.exchanges.claim(claim())
        expect(await at.db.exchanges.claim(claim({ openid: 'o2' }))).toEqual({ outcome: 'foreign' })
        await at.db.exchanges.settle('k', { state: 'used', nowMs: 20 })
        expect(await at.db.exchanges.claim(claim({ openid: 'o2' }))).toEqual({ outcome: 'foreign' })
        expect(await at.db.exchanges.claim(claim())).toMatchObject({ outcome: 'settled' })
      })

      it('settles once, for good', async () => {
        await at.db.exchanges.claim(claim())
        const settled = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? at.db : at.other).exchanges.settle('k', { state: 'used', memberId: `m${i}`, nowMs: 20 }),
          ),
        )
        const winners = settled.filter((code): code is CodeRecord => code !== undefined)
        expect(winners).toHaveLength(1)
        expect(await at.db.exchanges.find('k')).toEqual(winners[0])
        await at.db.exchanges.release('k', { owner: 'p1', state: 'unknown' })
        expect(await at.db.exchanges.find('k')).toMatchObject({
          state: 'used',
          openid: 'o1',
          settledAtMs: 20,
        })
      })

      it('lists what is overdue and held by nobody, oldest first', async () => {
        await at.db.exchanges.claim(claim({ key: 'late', expiresAtMs: 50, leaseUntilMs: 60 }))
        await at.db.exchanges.claim(claim({ key: 'later', expiresAtMs: 40, leaseUntilMs: 60 }))
        await at.db.exchanges.claim(claim({ key: 'held', expiresAtMs: 30, leaseUntilMs: 90 }))
        await at.db.exchanges.claim(claim({ key: 'alive', expiresAtMs: 500, leaseUntilMs: 60 }))
        await at.db.exchanges.claim(claim({ key: 'done', expiresAtMs: 20, leaseUntilMs: 60 }))
        await at.db.exchanges.settle('done', { state: 'used', nowMs: 20 })
        const keys = async (limit: number) =>
          (await at.db.exchanges.listOverdue(70, limit)).map(({ key }) => key)
        expect(await keys(10)).toEqual(['later', 'late'])
        expect(await keys(1)).toEqual(['later'])
      })

      it('removes final codes of one kind from before a time, a few at once', async () => {
        for (const key of ['a', 'b', 'c', 'young', 'open', 'login']) {
          const kind = key === 'login' ? 'login' : 'phone'
          await at.db.exchanges.claim(claim({ key, kind, nowMs: key === 'young' ? 50 : 10 }))
          if (key !== 'open') await at.db.exchanges.settle(key, { state: 'used', nowMs: 20 })
        }
        const remove = () => at.db.exchanges.removeFinal('phone', { createdBeforeMs: 50, limit: 2 })
        expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0])
        expect(await at.db.exchanges.find('young')).toBeDefined()
        expect(await at.db.exchanges.find('open')).toBeDefined()
        expect(await at.db.exchanges.find('login')).toBeDefined()
      })
    })
  })
}
