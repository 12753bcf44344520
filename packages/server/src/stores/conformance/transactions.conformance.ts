import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { allOf } from '../../kernel/all-of.ts'
import type { Database } from '../database.ts'
import { StoreConflictError } from '../errors.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { identity } from './samples.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testTransactions(create: CreateDatabases): void {
  describe('database', () => {
    const at = useDatabases(create)

    describe('transactions', () => {
      it('store all or nothing', async () => {
        const failed = at.db.transaction(async (stores) => {
          await stores.members.create({ id: 'm1', createdAtMs: 1 })
          throw new Error('stop')
        })
        await expect(failed).rejects.toThrow('stop')
        expect(await at.db.members.find('m1')).toBeUndefined()
      })

      it('run again when another was first, so that two who decide alike agree', async () => {
        const name = { provider: 'wechat-openid', scope: 'wx1', subject: 'o1' } as const
        const join = (on: Database, id: string) =>
          on.transaction(async (stores) => {
            const known = await stores.members.findIdentity(name)
            if (known) return known.memberId
            await stores.members.create({ id, createdAtMs: 1 })
            await stores.members.addIdentities([identity({ ...name, memberId: id })])
            return id
          })
        const ids = await Promise.all(
          Array.from({ length: 12 }, (_, i) => join(i % 2 ? at.db : at.other, `m${i}`)),
        )
        expect(new Set(ids).size).toBe(1)
      })

      it('give up when the conflict is lasting', async () => {
        await at.db.members.create({ id: 'm1', createdAtMs: 1 })
        let runs = 0
        const stubborn = at.db.transaction(async (stores) => {
          runs += 1
          await stores.members.create({ id: 'm1', createdAtMs: 1 })
        })
        await expect(stubborn).rejects.toThrow(StoreConflictError)
        expect(runs).toBeGreaterThan(1)
      })

      it('are over with their rollback, for what comes late too', async () => {
        let late: Promise<unknown> = Promise.resolve()
        const failed = at.db.transaction(async (stores) => {
          // As soon as the rollback is on its way, and before it can be answered.
          late = setImmediate().then(() => stores.members.create({ id: 'late', createdAtMs: 1 }))
          late.catch(() => {})
          throw new Error('stop')
        })
        await expect(failed).rejects.toThrow('stop')
        await expect(late).rejects.toThrow()
        expect(await at.db.members.find('late')).toBeUndefined()
      })

      it('fail by their first failure, whichever of what was sent together is told of first', async () => {
        await at.db.members.create({ id: 'm1', createdAtMs: 1 })
        let runs = 0
        const failed = at.db.transaction(async ({ members }) => {
          runs += 1
          const twoSteps = async () => {
            await members.create({ id: 'm2', createdAtMs: 1 })
            await members.create({ id: 'm3', createdAtMs: 1 })
          }
          await allOf([twoSteps(), members.create({ id: 'm1', createdAtMs: 1 })])
        })
        await expect(failed).rejects.toThrow(StoreConflictError)
        expect(runs).toBeGreaterThan(1)
        expect(await at.db.members.find('m2')).toBeUndefined()
      })
    })

    it('can be written', async () => {
      await expect(at.db.ping(1)).resolves.toBeUndefined()
      await expect(at.other.ping(2)).resolves.toBeUndefined()
    })
  })
}
