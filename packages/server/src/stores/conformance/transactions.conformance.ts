import { describe, expect, it } from 'vitest'
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
    })

    it('can be written', async () => {
      await expect(at.db.ping(1)).resolves.toBeUndefined()
      await expect(at.other.ping(2)).resolves.toBeUndefined()
    })
  })
}
