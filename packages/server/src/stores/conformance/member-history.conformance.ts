import { beforeEach, describe, expect, it } from 'vitest'
import { StoreConflictError } from '../errors.ts'
import type { MergeTicket } from '../merge-store.ts'
import type { PhoneBinding } from '../phone-binding-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

/** What every implementation must do with what happened to members: numbers, merges, events, erasures, readings. */
export function testMemberHistoryStores(create: CreateDatabases): void {
  describe('stores of what happened to members', () => {
    const at = useDatabases(create)
    beforeEach(async () => {
      await at.db.members.create({ id: 'm1', createdAtMs: 1 })
      await at.db.members.create({ id: 'm2', createdAtMs: 1 })
    })

    it('end the open bindings of a member, and open them again', async () => {
      await at.db.phoneBindings.add(binding({ id: 'b1' }))
      await at.db.phoneBindings.add(binding({ id: 'b2', memberId: 'm2' }))
      expect(await at.db.phoneBindings.end('m1', { reason: 'merged', nowMs: 9 })).toEqual(['b1'])
      expect(await at.db.phoneBindings.end('m1', { reason: 'changed', nowMs: 10 })).toEqual([])
      expect(await at.other.phoneBindings.listOf('m1')).toEqual([
        binding({ id: 'b1', unboundAtMs: 9, unboundReason: 'merged' }),
      ])
      await at.db.phoneBindings.reopen(['b1'])
      expect(await at.other.phoneBindings.listOf('m1')).toEqual([binding({ id: 'b1' })])
    })

    it('say whether another member was vouched for with a number after a time', async () => {
      await at.db.phoneBindings.add(binding({ id: 'b1', memberId: 'm2', verifiedAtMs: 50 }))
      const wasUsed = (afterMs: number, otherThan = 'm1') =>
        at.other.phoneBindings.wasUsedSince(['k.a', 'k.b'], { otherThan, afterMs })
      expect([await wasUsed(49), await wasUsed(50), await wasUsed(49, 'm2')]).toEqual([true, false, false])
    })

    it('use a ticket once, and undo a merge once', async () => {
      await at.db.merges.addTicket(ticket())
      const uses = await Promise.all([at.db.merges.useTicket('t1', 5), at.other.merges.useTicket('t1', 5)])
      expect(uses.sort()).toEqual([false, true])
      const merge = {
        id: 'g1',
        fromMember: 'm1',
        intoMember: 'm2',
        reason: 'ticket',
        actor: 'member',
        moved: '{}',
        mergedAtMs: 5,
        undoUntilMs: 50,
        undoneAtMs: null,
      } as const
      await at.db.merges.add(merge)
      expect(await at.other.merges.listOf('m2')).toEqual([merge])
      expect([await at.db.merges.markUndone('g1', 6), await at.other.merges.markUndone('g1', 7)]).toEqual([
        true,
        false,
      ])
    })

    it('find the open ticket of a session for a number, and no other', async () => {
      await at.db.merges.addTicket(ticket())
      const find = (sessionId: string, subject: string, nowMs = 5) =>
        at.other.merges.findOpenTicket({ sessionId, subjects: [subject], nowMs })
      expect(await find('s1', 'k.a')).toEqual(ticket())
      expect(await find('s2', 'k.a')).toBeUndefined()
      expect(await find('s1', 'k.b')).toBeUndefined()
      expect(await find('s1', 'k.a', 100)).toBeUndefined()
      await at.db.merges.useTicket('t1', 6)
      expect(await find('s1', 'k.a')).toBeUndefined()
    })

    it('are removed when they are old, oldest first, a few at once, and not before', async () => {
      await at.db.merges.addTicket(ticket({ digest: 't1', expiresAtMs: 10 }))
      await at.db.merges.addTicket(ticket({ digest: 't2', expiresAtMs: 20 }))
      await at.db.merges.addTicket(ticket({ digest: 't3', expiresAtMs: 30 }))
      const remove = (limit: number) => at.other.retention.removeBefore('merge_tickets', 30, limit)
      expect([await remove(1), await remove(5), await remove(5)]).toEqual([1, 1, 0])
      expect(await at.db.merges.findTicket('t3')).toBeDefined()
      await at.db.phoneBindings.add(binding({ id: 'open', unboundAtMs: null }))
      await at.db.phoneBindings.add(binding({ id: 'old', unboundAtMs: 5, unboundReason: 'changed' }))
      expect(await at.other.retention.removeBefore('phone_bindings', 100, 9)).toBe(1)
      expect((await at.db.phoneBindings.listOf('m1')).map(({ id }) => id)).toEqual(['open'])
      expect(await at.other.retention.removeBefore('events', 100, 9)).toBe(0)
      expect(await at.other.retention.removeBefore('sms_requests', 100, 9)).toBe(0)
    })

    it('have one index key that writes, and change it', async () => {
      await at.db.indexKeys.addWriting('k1', 1)
      await expect(at.other.indexKeys.addWriting('k2', 1)).rejects.toThrow(StoreConflictError)
      expect(await at.other.indexKeys.findWriting()).toBe('k1')
      await at.db.transaction((stores) => stores.indexKeys.startWriting('k2', 2))
      expect(await at.other.indexKeys.findWriting()).toBe('k2')
      await at.db.indexKeys.remove('k2')
      await at.db.indexKeys.remove('k1')
      expect((await at.other.indexKeys.list()).map(({ id, state }) => [id, state])).toEqual([
        ['k2', 'writing'],
      ])
    })

    it('let nobody change the key under a transaction that writes with it', async () => {
      await at.db.indexKeys.addWriting('k1', 1)
      const order: string[] = []
      let change: Promise<void> | undefined
      await at.db.transaction(async (stores) => {
        const keyId = await stores.indexKeys.findWriting()
        change ??= at.other
          .transaction((others) => others.indexKeys.startWriting('k2', 2))
          .then(() => void order.push('changed'))
        await stores.phoneBindings.add(binding({ id: 'b1', subject: `${keyId}.a` }))
        // Time enough for the other, which takes three statements, if nothing held it back.
        for (let i = 0; i < 30; i += 1) await stores.phoneBindings.listOf('m1')
        order.push('written')
      })
      await change
      expect(order).toEqual(['written', 'changed'])
    })

    it('number the events of a member without a gap, however many at once', async () => {
      const event = (id: string) => ({
        id,
        type: 'phone.bound' as const,
        appid: null,
        memberId: 'm1',
        data: { id },
        createdAtMs: 5,
      })
      await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          (i % 2 ? at.db : at.other).transaction(({ events }) =>
            events.addOf('m1', [event(`${i}a`), event(`${i}b`)]),
          ),
        ),
      )
      const found = await at.other.events.listOf('m1')
      expect(found.map(({ memberSeq }) => memberSeq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
      const pairs = found
        .map(({ id }) => id)
        .join('')
        .match(/../g)
      expect(pairs?.filter((id, i) => i % 2 === 1 && id !== `${pairs[i - 1]?.[0]}b`)).toEqual([])
      expect((await at.db.members.find('m1'))?.changedAtMs).toBe(5)
    })
  })
}

function binding(over: Partial<PhoneBinding> = {}): PhoneBinding {
  return {
    id: 'b1',
    memberId: 'm1',
    subject: 'k.a',
    sealed: '1.k.x',
    maskedSubject: 'k.m',
    verifiedBy: 'quick',
    appid: 'wx1',
    openid: 'o1',
    guideline: null,
    boundAtMs: 1,
    verifiedAtMs: 1,
    unboundAtMs: null,
    unboundReason: null,
    ...over,
  }
}

function ticket(over: Partial<MergeTicket> = {}): MergeTicket {
  return {
    digest: 't1',
    memberId: 'm1',
    otherMemberId: 'm2',
    sessionId: 's1',
    deviceId: null,
    appid: 'wx1',
    openid: 'o1',
    codeKey: 'c1',
    subject: 'k.a',
    sealed: '1.k.x',
    verifiedBy: 'quick',
    verifiedAtMs: 1,
    createdAtMs: 1,
    expiresAtMs: 99,
    usedAtMs: null,
    ...over,
  }
}
