import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { StoreConflictError } from '../errors.ts'
import type { ClaimRequest, CodeRecord } from '../exchange-store.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { Identity } from '../member-store.ts'
import type { Session } from '../session-store.ts'

/** How a suite gets at its database. */
export interface DatabaseUnderTest {
  /** Opens a connection of its own to one and the same empty database. */
  open(): Promise<Database>
  /** Removes the database. */
  dispose(): Promise<void>
}

/**
 * What every implementation of {@link Database} must do. It runs on two connections, as two processes would have.
 */
export function testDatabase(name: string, create: () => Promise<DatabaseUnderTest>): void {
  describe(name, () => {
    let underTest: DatabaseUnderTest
    let db: Database
    let other: Database
    beforeEach(async () => {
      underTest = await create()
      ;[db, other] = await Promise.all([underTest.open(), underTest.open()])
    })
    afterEach(async () => {
      await db.close()
      await other.close()
      await underTest.dispose()
    })

    const claim = (over: Partial<ClaimRequest> = {}): ClaimRequest => ({
      key: 'k',
      kind: 'phone',
      appid: 'wx1',
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
            (i % 2 ? db : other).exchanges.claim(claim({ leaseOwner: `p${i}` })),
          ),
        )
        expect(claims.map(({ outcome }) => outcome).sort()).toEqual(['claimed', ...Array(19).fill('held')])
      })

      it('lets a code that was released be claimed again, as it was', async () => {
        await db.exchanges.claim(claim())
        await db.exchanges.release('k', { owner: 'p1', state: 'open' })
        const again = await other.exchanges.claim(claim({ leaseOwner: 'p2' }))
        expect(again).toMatchObject({ outcome: 'claimed', code: { state: 'open', attempts: 2 } })
      })

      it('keeps a code unknown once it was', async () => {
        await db.exchanges.claim(claim())
        await db.exchanges.release('k', { owner: 'p1', state: 'unknown' })
        await db.exchanges.claim(claim())
        await db.exchanges.release('k', { owner: 'p1', state: 'open' })
        expect(await db.exchanges.find('k')).toMatchObject({ state: 'unknown' })
      })

      it('calls a code unknown when its lease was not released', async () => {
        await db.exchanges.claim(claim())
        expect(await other.exchanges.claim(claim({ leaseOwner: 'p2', nowMs: 99 }))).toEqual({
          outcome: 'held',
          leaseUntilMs: 100,
        })
        const taken = await other.exchanges.claim(claim({ leaseOwner: 'p2', nowMs: 100, leaseUntilMs: 200 }))
        expect(taken).toMatchObject({ outcome: 'claimed', code: { state: 'unknown' } })
      })

      it('lets the owner of a lease claim again before it runs out', async () => {
        await db.exchanges.claim(claim())
        expect(await db.exchanges.claim(claim())).toMatchObject({
          outcome: 'claimed',
          code: { state: 'unknown' },
        })
      })

      it('lets only the owner of a lease release it', async () => {
        await db.exchanges.claim(claim())
        await db.exchanges.release('k', { owner: 'p2', state: 'open' })
        expect(await db.exchanges.claim(claim({ leaseOwner: 'p3' }))).toMatchObject({ outcome: 'held' })
      })

      it('is foreign to another openid, in every state', async () => {
        await db.exchanges.claim(claim())
        expect(await db.exchanges.claim(claim({ openid: 'o2' }))).toEqual({ outcome: 'foreign' })
        await db.exchanges.settle('k', { state: 'used', nowMs: 20 })
        expect(await db.exchanges.claim(claim({ openid: 'o2' }))).toEqual({ outcome: 'foreign' })
        expect(await db.exchanges.claim(claim())).toMatchObject({ outcome: 'settled' })
      })

      it('settles once, for good', async () => {
        await db.exchanges.claim(claim())
        const settled = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? db : other).exchanges.settle('k', { state: 'used', memberId: `m${i}`, nowMs: 20 }),
          ),
        )
        const winners = settled.filter((code): code is CodeRecord => code !== undefined)
        expect(winners).toHaveLength(1)
        expect(await db.exchanges.find('k')).toEqual(winners[0])
        await db.exchanges.release('k', { owner: 'p1', state: 'unknown' })
        expect(await db.exchanges.find('k')).toMatchObject({ state: 'used', openid: 'o1', settledAtMs: 20 })
      })

      it('lists what is overdue and held by nobody, oldest first', async () => {
        await db.exchanges.claim(claim({ key: 'late', expiresAtMs: 50, leaseUntilMs: 60 }))
        await db.exchanges.claim(claim({ key: 'later', expiresAtMs: 40, leaseUntilMs: 60 }))
        await db.exchanges.claim(claim({ key: 'held', expiresAtMs: 30, leaseUntilMs: 90 }))
        await db.exchanges.claim(claim({ key: 'alive', expiresAtMs: 500, leaseUntilMs: 60 }))
        await db.exchanges.claim(claim({ key: 'done', expiresAtMs: 20, leaseUntilMs: 60 }))
        await db.exchanges.settle('done', { state: 'used', nowMs: 20 })
        const keys = async (limit: number) =>
          (await db.exchanges.listOverdue(70, limit)).map(({ key }) => key)
        expect(await keys(10)).toEqual(['later', 'late'])
        expect(await keys(1)).toEqual(['later'])
      })

      it('removes final codes of one kind from before a time, a few at once', async () => {
        for (const key of ['a', 'b', 'c', 'young', 'open', 'login']) {
          const kind = key === 'login' ? 'login' : 'phone'
          await db.exchanges.claim(claim({ key, kind, nowMs: key === 'young' ? 50 : 10 }))
          if (key !== 'open') await db.exchanges.settle(key, { state: 'used', nowMs: 20 })
        }
        const remove = () => db.exchanges.removeFinal('phone', { createdBeforeMs: 50, limit: 2 })
        expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0])
        expect(await db.exchanges.find('young')).toBeDefined()
        expect(await db.exchanges.find('open')).toBeDefined()
        expect(await db.exchanges.find('login')).toBeDefined()
      })
    })

    describe('transactions', () => {
      it('store all or nothing', async () => {
        const failed = db.transaction(async (stores) => {
          await stores.members.create({ id: 'm1', createdAtMs: 1 })
          throw new Error('stop')
        })
        await expect(failed).rejects.toThrow('stop')
        expect(await db.members.find('m1')).toBeUndefined()
      })

      it('run again when another was first, so that two who decide alike agree', async () => {
        const name = { provider: 'wechat-openid', scope: 'wx1', subject: 'o1' } as const
        const join = (on: Database, id: string) =>
          on.transaction(async (stores) => {
            const known = await stores.members.findIdentity(name)
            if (known) return known.memberId
            await stores.members.create({ id, createdAtMs: 1 })
            await stores.members.addIdentity(identity({ ...name, memberId: id }))
            return id
          })
        const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => join(i % 2 ? db : other, `m${i}`)))
        expect(new Set(ids).size).toBe(1)
      })

      it('give up when the conflict is lasting', async () => {
        await db.members.create({ id: 'm1', createdAtMs: 1 })
        let runs = 0
        const stubborn = db.transaction(async (stores) => {
          runs += 1
          await stores.members.create({ id: 'm1', createdAtMs: 1 })
        })
        await expect(stubborn).rejects.toThrow(StoreConflictError)
        expect(runs).toBeGreaterThan(1)
      })
    })

    describe('members', () => {
      beforeEach(async () => {
        await db.members.create({ id: 'm1', createdAtMs: 1 })
        await db.members.create({ id: 'm2', createdAtMs: 1 })
      })

      it('give an identity to one member only', async () => {
        await db.members.addIdentity(identity({ memberId: 'm1' }))
        await expect(other.members.addIdentity(identity({ memberId: 'm2' }))).rejects.toThrow(
          StoreConflictError,
        )
        expect((await other.members.findIdentity(identity()))?.memberId).toBe('m1')
      })

      it('have one phone at most', async () => {
        await db.members.addIdentity(phone({ memberId: 'm1', subject: 'p1' }))
        const second = db.members.addIdentity(phone({ memberId: 'm1', subject: 'p2' }))
        await expect(second).rejects.toThrow(StoreConflictError)
        expect(await db.members.findPhone('m1')).toEqual(phone({ memberId: 'm1', subject: 'p1' }))
        expect(await db.members.findPhone('m2')).toBeUndefined()
      })

      it('lose an identity only by their own hand', async () => {
        const mine = phone({ memberId: 'm1' })
        await db.members.addIdentity(mine)
        await db.members.removeIdentity(mine, 'm2')
        expect(await db.members.findPhone('m1')).toBeDefined()
        await db.members.removeIdentity(mine, 'm1')
        expect(await db.members.findPhone('m1')).toBeUndefined()
      })

      it('remember when an identity was last vouched for', async () => {
        await db.members.addIdentity(phone({ memberId: 'm1' }))
        await db.members.touchIdentity(phone(), 99)
        expect(await db.members.findPhone('m1')).toEqual(phone({ memberId: 'm1', verifiedAtMs: 99 }))
      })

      it('merge with all their identities', async () => {
        await db.members.addIdentity(identity({ memberId: 'm1' }))
        await db.members.addIdentity(phone({ memberId: 'm2' }))
        await db.members.merge('m1', { memberId: 'm2', nowMs: 5 })
        expect((await db.members.findIdentity(identity()))?.memberId).toBe('m2')
        expect(await db.members.find('m1')).toMatchObject({ mergedInto: 'm2', mergedAtMs: 5 })
        expect(await db.members.find('m2')).toMatchObject({ mergedInto: null })
      })
    })

    describe('sessions', () => {
      beforeEach(async () => {
        await db.members.create({ id: 'm1', createdAtMs: 1 })
        await db.members.create({ id: 'm2', createdAtMs: 1 })
        await db.sessions.create(session())
      })

      it('rotate once per generation', async () => {
        const rotations = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? db : other).sessions.rotate('s1', { fromGeneration: 1, nowMs: 5, expiresAtMs: 50 }),
          ),
        )
        expect(rotations.filter(Boolean)).toHaveLength(1)
        expect(await db.sessions.find('s1')).toEqual(
          session({ generation: 2, rotatedAtMs: 5, expiresAtMs: 50 }),
        )
      })

      it('do not rotate after their end, which keeps its first reason', async () => {
        await db.sessions.end('s1', { reason: 'signed-out', nowMs: 3 })
        await db.sessions.end('s1', { reason: 'refresh-token-reused', nowMs: 4 })
        const rotated = db.sessions.rotate('s1', { fromGeneration: 1, nowMs: 5, expiresAtMs: 50 })
        expect(await rotated).toBeUndefined()
        expect(await db.sessions.find('s1')).toEqual(session({ endedAtMs: 3, endReason: 'signed-out' }))
      })

      it('move from one member to another', async () => {
        await db.sessions.move('m1', 'm2')
        expect((await db.sessions.find('s1'))?.memberId).toBe('m2')
      })

      it('are removed a while after they expired', async () => {
        await db.sessions.create(session({ id: 's2', expiresAtMs: 500 }))
        expect(await db.sessions.removeExpired({ expiredBeforeMs: 100, limit: 10 })).toBe(1)
        expect(await db.sessions.find('s1')).toBeUndefined()
        expect(await db.sessions.find('s2')).toBeDefined()
      })
    })

    describe('ledger', () => {
      it('holds one row per code, the first', async () => {
        await db.ledger.add(ledgerRow({ id: 'l1' }))
        await other.ledger.add(ledgerRow({ id: 'l2', state: 'lost' }))
        expect(await db.ledger.find('k')).toEqual(ledgerRow({ id: 'l1' }))
      })
    })

    describe('signing keys', () => {
      it('have one that signs', async () => {
        const key = {
          kid: 'a',
          alg: 'EdDSA',
          publicJwk: '{}',
          sealedPrivateJwk: 'x',
          createdAtMs: 1,
          retiredAtMs: null,
        }
        await db.signingKeys.add({ ...key, kid: 'old', retiredAtMs: 1, createdAtMs: 0 })
        await db.signingKeys.add(key)
        await expect(other.signingKeys.add({ ...key, kid: 'b' })).rejects.toThrow(StoreConflictError)
        expect((await other.signingKeys.list()).map(({ kid }) => kid)).toEqual(['a', 'old'])
      })
    })

    it('answers a ping', async () => {
      await expect(db.ping()).resolves.toBeUndefined()
    })
  })
}

function identity(over: Partial<Identity> = {}): Identity {
  return {
    provider: 'wechat-openid',
    scope: 'wx1',
    subject: 'o1',
    memberId: 'm1',
    sealed: null,
    country: null,
    createdAtMs: 1,
    verifiedAtMs: 1,
    ...over,
  }
}

function phone(over: Partial<Identity> = {}): Identity {
  return identity({ provider: 'phone', scope: '*', subject: 'p1', sealed: 'x', country: 'CN', ...over })
}

function session(over: Partial<Session> = {}): Session {
  return {
    id: 's1',
    memberId: 'm1',
    appid: 'wx1',
    openid: 'o1',
    salt: 'salt',
    generation: 1,
    createdAtMs: 1,
    rotatedAtMs: 1,
    expiresAtMs: 10,
    endedAtMs: null,
    endReason: null,
    ...over,
  }
}

function ledgerRow(over: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: 'l1',
    codeKey: 'k',
    appid: 'wx1',
    component: 'quick',
    priceLi: 30,
    state: 'used',
    openid: 'o1',
    memberId: null,
    reason: null,
    errcode: null,
    rid: null,
    attempts: 1,
    seenAtMs: 1_700_000_000_000,
    settledAtMs: 1_700_000_000_001,
    ...over,
  }
}
