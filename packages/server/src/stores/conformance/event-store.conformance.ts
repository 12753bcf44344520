import { beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../event-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const event = (change: Partial<NewEvent> = {}): NewEvent => ({
  id: 'e1',
  type: 'phone.bound',
  appid: 'wx1',
  memberId: 'm1',
  data: { masked: '138****8000' },
  createdAtMs: 1,
  ...change,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testEventStore(create: CreateDatabases): void {
  describe('event store', () => {
    const at = useDatabases(create)
    const add = (added: NewEvent, db = at.db) => db.transaction(({ events }) => events.add(added))
    const place = (db = at.db, limit = 100) => db.transaction(({ events }) => events.place(limit))
    const order = async () => (await at.other.events.listAfter(0, 100)).map(({ id }) => id)

    beforeEach(async () => {
      for (const id of ['m1', 'm2', 'm3']) await at.db.members.create({ id, createdAtMs: 1 })
    })

    it('numbers the events of each member without a gap', async () => {
      await add(event({ id: 'a' }))
      await add(event({ id: 'b', memberId: 'm2' }), at.other)
      await add(event({ id: 'c' }))
      await add(event({ id: 'd', memberId: null, type: 'alert.balance-low' }))
      await place()
      expect(await at.other.events.listAfter(0, 100)).toEqual([
        { ...event({ id: 'a' }), memberSeq: 1, position: 1 },
        { ...event({ id: 'b', memberId: 'm2' }), memberSeq: 1, position: 2 },
        { ...event({ id: 'c' }), memberSeq: 2, position: 3 },
        { ...event({ id: 'd', memberId: null, type: 'alert.balance-low' }), memberSeq: null, position: 4 },
      ])
    })

    it('are not seen before they have a place, and keep it', async () => {
      await add(event({ id: 'b', createdAtMs: 2 }))
      await add(event({ id: 'a', createdAtMs: 1 }))
      expect(await order()).toEqual([])
      expect(await at.db.events.hasUnplaced()).toBe(true)
      expect(await place()).toBe(2)
      expect(await at.db.events.hasUnplaced()).toBe(false)
      expect(await place()).toBe(0)
      await add(event({ id: 'c', createdAtMs: 0 }))
      await place()
      expect(await order()).toEqual(['a', 'b', 'c'])
      expect((await at.db.events.listAfter(1, 1)).map(({ id }) => id)).toEqual(['b'])
    })

    it('are placed a part at a time, the older ones first', async () => {
      for (const id of ['c', 'a', 'b']) await add(event({ id, createdAtMs: id.charCodeAt(0) }))
      expect(await place(at.db, 2)).toBe(2)
      expect(await order()).toEqual(['a', 'b'])
      expect(await place(at.db, 2)).toBe(1)
      expect(await order()).toEqual(['a', 'b', 'c'])
    })

    it('are each placed once when many readers come at once', async () => {
      for (let i = 0; i < 20; i += 1) await add(event({ id: `e${i}`, createdAtMs: i }))
      const placed = await Promise.all([place(), place(at.other), place(), place(at.other)])
      expect(placed.reduce((sum, one) => sum + one, 0)).toBe(20)
      const positions = (await at.db.events.listAfter(0, 100)).map(({ position }) => position)
      expect(positions).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    })

    it('move their member to the end of the order of changes, where it stands once', async () => {
      await add(event({ id: 'a', memberId: 'm1', createdAtMs: 1 }))
      await add(event({ id: 'b', memberId: 'm2', createdAtMs: 2 }))
      await add(event({ id: 'c', memberId: 'm1', createdAtMs: 3 }))
      await place()
      expect(await at.other.memberFeed.changedAfter(0, 10)).toEqual([
        { id: 'm2', position: 2 },
        { id: 'm1', position: 3 },
      ])
      await add(event({ id: 'd', memberId: 'm2', createdAtMs: 4 }))
      await place()
      expect(await at.other.memberFeed.changedAfter(2, 10)).toEqual([
        { id: 'm1', position: 3 },
        { id: 'm2', position: 4 },
      ])
      expect(await at.other.memberFeed.changedAfter(0, 1)).toEqual([{ id: 'm1', position: 3 }])
    })

    it('that are rolled back were never there', async () => {
      const work = at.db.transaction(async ({ events }) => {
        await events.add(event({ id: 'a' }))
        throw new Error('no')
      })
      await expect(work).rejects.toThrow('no')
      await add(event({ id: 'b' }))
      await place()
      expect(await at.db.events.listAfter(0, 10)).toMatchObject([{ id: 'b', memberSeq: 1, position: 1 }])
    })
  })
}
