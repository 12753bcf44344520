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
        await at.db.members.addIdentity(identity({ memberId: 'm1' }))
        await expect(at.other.members.addIdentity(identity({ memberId: 'm2' }))).rejects.toThrow(
          StoreConflictError,
        )
        expect((await at.other.members.findIdentity(identity()))?.memberId).toBe('m1')
      })

      it('have one phone at most', async () => {
        await at.db.members.addIdentity(phone({ memberId: 'm1', subject: 'p1' }))
        const second = at.db.members.addIdentity(phone({ memberId: 'm1', subject: 'p2' }))
        await expect(second).rejects.toThrow(StoreConflictError)
        expect(await at.db.members.findPhone('m1')).toEqual(phone({ memberId: 'm1', subject: 'p1' }))
        expect(await at.db.members.findPhone('m2')).toBeUndefined()
      })

      it('lose an identity only by their own hand', async () => {
        const mine = phone({ memberId: 'm1' })
        await at.db.members.addIdentity(mine)
        await at.db.members.removeIdentity(mine, 'm2')
        expect(await at.db.members.findPhone('m1')).toBeDefined()
        await at.db.members.removeIdentity(mine, 'm1')
        expect(await at.db.members.findPhone('m1')).toBeUndefined()
      })

      it('remember when an identity was last vouched for', async () => {
        await at.db.members.addIdentity(phone({ memberId: 'm1' }))
        await at.db.members.touchIdentity(phone(), 99)
        expect(await at.db.members.findPhone('m1')).toEqual(phone({ memberId: 'm1', verifiedAtMs: 99 }))
      })

      it('merge with all their identities', async () => {
        await at.db.members.addIdentity(identity({ memberId: 'm1' }))
        await at.db.members.addIdentity(phone({ memberId: 'm2' }))
        await at.db.members.merge('m1', { memberId: 'm2', nowMs: 5 })
        expect((await at.db.members.findIdentity(identity()))?.memberId).toBe('m2')
        expect(await at.db.members.find('m1')).toMatchObject({
          state: 'merged',
          mergedInto: 'm2',
          changedAtMs: 5,
        })
        expect(await at.db.members.find('m2')).toMatchObject({ mergedInto: null })
      })
    })
  })
}
