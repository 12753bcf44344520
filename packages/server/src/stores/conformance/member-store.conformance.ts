import { beforeEach, describe, expect, it } from 'vitest'
import { StoreConflictError } from '../errors.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { identity, phone } from './samples.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testMemberStore(create: CreateDatabases): void {
  describe('member store', () => {
    const at = useDatabases(create)

    describe('members', () => {
      beforeEach(async () => {
        await at.db.members.create({ id: 'm1', createdAtMs: 1 })
        await at.db.members.create({ id: 'm2', createdAtMs: 1 })
      })

      it('give an identity to one member only', async () => {
        await at.db.members.addIdentities([identity({ memberId: 'm1' })])
        await expect(at.other.members.addIdentities([identity({ memberId: 'm2' })])).rejects.toThrow(
          StoreConflictError,
        )
        expect((await at.other.members.findIdentity(identity()))?.memberId).toBe('m1')
      })

      it('have one phone at most', async () => {
        await at.db.members.addIdentities([phone({ memberId: 'm1', subject: 'p1' })])
        const second = at.db.members.addIdentities([phone({ memberId: 'm1', subject: 'p2' })])
        await expect(second).rejects.toThrow(StoreConflictError)
        expect(await at.db.members.findPhone('m1')).toEqual(phone({ memberId: 'm1', subject: 'p1' }))
        expect(await at.db.members.findPhone('m2')).toBeUndefined()
      })

      it('lose an identity only by their own hand', async () => {
        const mine = phone({ memberId: 'm1' })
        await at.db.members.addIdentities([mine])
        await at.db.members.removeIdentity(mine, 'm2')
        expect(await at.db.members.findPhone('m1')).toBeDefined()
        await at.db.members.removeIdentity(mine, 'm1')
        expect(await at.db.members.findPhone('m1')).toBeUndefined()
      })

      it('remember when an identity was last vouched for', async () => {
        await at.db.members.addIdentities([phone({ memberId: 'm1' })])
        await at.db.members.touchIdentity(phone(), { verifiedAtMs: 99, verifiedBy: 'realtime' })
        expect(await at.db.members.findPhone('m1')).toEqual(
          phone({ memberId: 'm1', verifiedAtMs: 99, verifiedBy: 'realtime' }),
        )
      })

      it('keep the later of two times at which an identity was vouched for', async () => {
        await at.db.members.addIdentities([phone({ memberId: 'm1', verifiedAtMs: 50 })])
        await at.db.members.touchIdentity(phone(), { verifiedAtMs: 40, verifiedBy: 'realtime' })
        expect(await at.db.members.findPhone('m1')).toMatchObject({ verifiedAtMs: 50, verifiedBy: 'quick' })
      })

      it('give those of their identities away that they have', async () => {
        await at.db.members.addIdentities([
          identity({ memberId: 'm1' }),
          identity({ memberId: 'm2', subject: 'o2' }),
        ])
        const names = [identity(), identity({ subject: 'o2' })]
        expect(await at.db.members.moveIdentities(names, { from: 'm1', to: 'm2' })).toBe(1)
        expect((await at.db.members.identitiesOf('m2')).map(({ subject }) => subject).sort()).toEqual([
          'o1',
          'o2',
        ])
      })

      it('are recalled by any name of theirs, with every identity and their state', async () => {
        await at.db.members.addIdentities([identity({ memberId: 'm1' }), phone({ memberId: 'm1' })])
        await at.db.members.addIdentities([identity({ memberId: 'm2', subject: 'o2' })])
        await at.db.members.setState('m1', { state: 'banned', nowMs: 5 })
        const recalled = await at.other.members.recall([phone(), identity({ subject: 'nobody' })])
        expect(recalled.map(({ subject, memberState }) => [subject, memberState]).sort()).toEqual([
          ['o1', 'banned'],
          ['p1', 'banned'],
        ])
        expect(await at.db.members.recall([identity({ subject: 'nobody' })])).toEqual([])
      })

      it('say who they became part of, and since when', async () => {
        await at.db.members.setState('m1', { state: 'merged', mergedInto: 'm2', nowMs: 5 })
        expect(await at.other.members.find('m1')).toEqual({
          id: 'm1',
          state: 'merged',
          mergedInto: 'm2',
          createdAtMs: 1,
          changedAtMs: 5,
        })
      })

      it('are locked by one transaction at a time, whatever the order they are named in', async () => {
        const order: string[] = []
        const work = (name: string, on: typeof at.db, ids: string[]) =>
          on.transaction(async (stores) => {
            const locked = await stores.members.lock(ids)
            expect(locked.map(({ id }) => id)).toEqual(['m1', 'm2'])
            order.push(`${name} in`)
            await stores.members.setState('m1', { state: 'active', nowMs: 2 })
            order.push(`${name} out`)
          })
        await Promise.all([work('a', at.db, ['m1', 'm2']), work('b', at.other, ['m2', 'm1'])])
        expect(order.map((step) => step.slice(0, 1)).join('')).toMatch(/^(aabb|bbaa)$/)
      })

      it('are counted by the day in Shanghai on which they came', async () => {
        const came = (id: string, time: string) => at.db.members.create({ id, createdAtMs: Date.parse(time) })
        await came('c1', '2026-05-01T15:59:59.999Z')
        await came('c2', '2026-05-01T16:00:00Z')
        await came('c3', '2026-05-02T15:00:00Z')
        const fromMs = Date.parse('2026-04-30T16:00:00Z')
        const days = await at.other.members.countNew({ fromMs, toMs: fromMs + 3 * 86_400_000 })
        expect(days.sort((a, b) => a.startMs - b.startMs)).toEqual([
          { startMs: fromMs, entries: 1 },
          { startMs: fromMs + 86_400_000, entries: 2 },
        ])
      })

      it('have phones written under another key, unless they changed meanwhile', async () => {
        const old = phone({ memberId: 'm1', subject: 'k1.a', sealed: '1.k1.x', maskedSubject: 'k1.m' })
        const young = phone({ memberId: 'm2', subject: 'k2.b', sealed: '1.k2.y', maskedSubject: 'k2.m' })
        await at.db.members.addIdentities([old, young])
        expect(await at.db.members.countPhonesToRekey('k2')).toBe(1)
        expect(await at.db.members.listPhonesToRekey('k2', { after: '', limit: 9 })).toEqual([old])
        expect(await at.db.members.listPhonesToRekey('k2', { after: 'k1.a', limit: 9 })).toEqual([])
        const to = { subject: 'k2.a', sealed: '1.k2.x', maskedSubject: 'k2.m' }
        expect(await at.db.members.rekeyPhone({ ...old, sealed: '1.k1.other' }, to)).toBe(false)
        expect(await at.db.members.rekeyPhone(old, to)).toBe(true)
        expect(await at.db.members.findPhone('m1')).toEqual({ ...old, ...to })
        expect(await at.db.members.countPhonesToRekey('k2')).toBe(0)
      })
    })
  })
}
