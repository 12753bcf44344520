import { beforeEach, describe, expect, it } from 'vitest'
import type { NewDelivery, WebhookEndpoint } from '../webhook-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const endpoint = (change: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  id: 'w1',
  url: 'https://shop.test/haoma',
  description: '',
  events: ['*'],
  appids: null,
  secretsSealed: 'sealed',
  withNumber: false,
  isEnabled: true,
  disabledReason: null,
  failingSinceMs: null,
  fromPosition: 0,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...change,
})

const delivery = (change: Partial<NewDelivery> = {}): NewDelivery => ({
  id: 'd1',
  endpointId: 'w1',
  eventId: 'e1',
  type: 'phone.bound',
  memberId: 'm1',
  memberSeq: 1,
  state: 'pending',
  createdAtMs: 1,
  ...change,
})

/** Of the process; where the database has a clock, that one counts. */
const nowMs = 1_700_000_000_000

const settled = {
  state: 'delivered',
  lastStatus: 200,
  lastError: null,
  deliveredAtMs: 5,
  nextInMs: 0,
} as const

/** What every implementation must do, on two connections, as two processes would have. */
export function testWebhookStore(create: CreateDatabases): void {
  describe('webhook store', () => {
    const at = useDatabases(create)
    let claims = 0
    const claimDue = (db = at.db, exceptEndpoints: string[] = [], leaseMs = 60_000) => {
      claims += 1
      const claim = { owner: `c${claims}`, leaseMs, nowMs, exceptEndpoints }
      return db.webhooks.claimDue(claim)
    }
    const settle = (claimed: { id: string; leaseOwner: string | null } | undefined, change = {}) =>
      at.db.webhooks.settle(
        { id: claimed?.id ?? '', owner: claimed?.leaseOwner ?? '', nowMs },
        { ...settled, ...change },
      )

    beforeEach(() => at.db.webhooks.addEndpoint(endpoint()))

    it('keeps endpoints as they were written, and changes what is named', async () => {
      const full = endpoint({
        id: 'w2',
        events: ['phone.*'],
        appids: ['wx1'],
        withNumber: true,
        createdAtMs: 2,
      })
      await at.db.webhooks.addEndpoint(full)
      expect(await at.other.webhooks.listEndpoints()).toEqual([endpoint(), full])
      const off = { isEnabled: false, disabledReason: 'failing', failingSinceMs: 9, appids: null } as const
      await at.db.webhooks.changeEndpoint('w2', off)
      expect(await at.other.webhooks.findEndpoint('w2')).toEqual({ ...full, ...off })
      expect(await at.other.webhooks.findEndpoint('w3')).toBeUndefined()
    })

    it('makes one delivery of an event for an endpoint, however often it is told', async () => {
      await at.db.webhooks.addDeliveries([delivery()])
      await at.other.webhooks.addDeliveries([delivery({ id: 'd2' }), delivery({ id: 'd3', eventId: 'e2' })])
      const ids = (await at.db.webhooks.listDeliveries({ limit: 10 })).map(({ id }) => id)
      expect(ids).toEqual(['d3', 'd1'])
    })

    it('gives a due delivery to exactly one of many that ask at once', async () => {
      const deliveries = Array.from({ length: 6 }, (_, i) =>
        delivery({ id: `d${i}`, eventId: `e${i}`, memberId: `m${i}` }),
      )
      await at.db.webhooks.addDeliveries(deliveries)
      const given = await Promise.all(
        Array.from({ length: 12 }, (_, i) => claimDue(i % 2 ? at.db : at.other)),
      )
      // A caller that met a locked row may come back with nothing while others are left; nobody gets one twice.
      for (let more = await claimDue(); more; more = await claimDue()) given.push(more)
      const ids = given.flatMap((one) => one?.id ?? [])
      expect(ids.sort()).toEqual(deliveries.map(({ id }) => id))
    })

    it('keeps the order of a member: the next is given when the one before has ended', async () => {
      await at.db.webhooks.addDeliveries([
        delivery({ id: 'a2', eventId: 'e2', memberSeq: 2, createdAtMs: 1 }),
        delivery({ id: 'a1', eventId: 'e1', memberSeq: 1, createdAtMs: 2 }),
        delivery({ id: 'b1', eventId: 'e3', memberId: 'm2', createdAtMs: 3 }),
      ])
      const first = await claimDue()
      expect(first?.id).toBe('a1')
      expect((await claimDue(at.other))?.id).toBe('b1')
      expect(await claimDue()).toBeUndefined()
      await settle(first, { state: 'pending', nextInMs: 60_000 })
      expect(await claimDue(), 'the first waits for its next try').toBeUndefined()
      await at.db.webhooks.moveDeliveries('w1', { from: 'pending', to: 'pending', nowMs })
      const again = await claimDue()
      expect(again).toMatchObject({ id: 'a1', attempts: 0 })
      await settle(again, { state: 'dead' })
      expect((await claimDue(at.other))?.id).toBe('a2')
    })

    it('waits for an event of the member that is not yet a delivery, whatever its time says', async () => {
      await at.db.members.create({ id: 'm1', createdAtMs: 1 })
      const event = { type: 'phone.bound', appid: null, memberId: 'm1', data: {} } as const
      await at.db.transaction(({ events }) => events.add({ ...event, id: 'e1', createdAtMs: 20 }))
      await at.db.transaction(({ events }) => events.add({ ...event, id: 'e2', createdAtMs: 10 }))
      await at.db.transaction(({ events }) => events.place(1))
      await at.db.webhooks.addDeliveries([delivery({ id: 'd2', eventId: 'e2', memberSeq: 2 })])
      await at.db.webhooks.changeEndpoint('w1', { fromPosition: 1 })
      expect(await claimDue()).toBeUndefined()
      await at.db.transaction(({ events }) => events.place(1))
      expect(await at.db.webhooks.lastPosition()).toBe(2)
      expect(await claimDue(), 'it has a place, and is no delivery yet').toBeUndefined()
      await at.db.webhooks.addDeliveries([delivery({ id: 'd1', eventId: 'e1', memberSeq: 1 })])
      await at.db.webhooks.changeEndpoint('w1', { fromPosition: 2 })
      expect((await claimDue())?.id).toBe('d1')
    })

    it('takes a delivery over when its lease has run out, and then the first one can settle nothing', async () => {
      await at.db.webhooks.addDeliveries([delivery()])
      const first = await claimDue(at.db, [], 0)
      const second = await claimDue(at.other)
      expect(second?.id).toBe(first?.id)
      expect(await settle(first)).toBe(false)
      expect(await settle(second)).toBe(true)
      expect(await at.db.webhooks.findDelivery('d1')).toMatchObject({
        state: 'delivered',
        attempts: 1,
        leaseOwner: null,
        deliveredAtMs: 5,
      })
    })

    it('passes over endpoints that have enough, and what is held, dead or delivered', async () => {
      await at.db.webhooks.addEndpoint(endpoint({ id: 'w2' }))
      await at.db.webhooks.addDeliveries([
        delivery({ id: 'd1' }),
        delivery({ id: 'd2', endpointId: 'w2' }),
        delivery({ id: 'd3', eventId: 'e3', memberId: null, memberSeq: null, state: 'held' }),
        delivery({ id: 'd4', eventId: 'e4', memberId: null, memberSeq: null, state: 'dead' }),
      ])
      expect((await claimDue(at.db, ['w1']))?.id).toBe('d2')
      expect(await claimDue(at.db, ['w1'])).toBeUndefined()
      expect((await claimDue())?.id).toBe('d1')
      expect(await claimDue()).toBeUndefined()
      expect(await at.db.webhooks.moveDeliveries('w1', { from: 'held', to: 'pending', nowMs })).toBe(1)
      expect((await claimDue())?.id).toBe('d3')
    })

    it('gives a named delivery whatever its state, unless somebody has it', async () => {
      await at.db.webhooks.addDeliveries([delivery({ state: 'dead' })])
      const claim = { owner: 'x', leaseMs: 60_000, nowMs }
      expect((await at.db.webhooks.claimOne('d1', claim))?.state).toBe('dead')
      expect(await at.other.webhooks.claimOne('d1', { ...claim, owner: 'y' })).toBeUndefined()
    })

    it('forgets old deliveries with their tries, a part at a time', async () => {
      await at.db.webhooks.addDeliveries([
        delivery({ id: 'd1', createdAtMs: 1 }),
        delivery({ id: 'd2', eventId: 'e2', createdAtMs: 2 }),
        delivery({ id: 'd3', eventId: 'e3', createdAtMs: 3 }),
      ])
      const attempt = { atMs: 1, status: 500, durationMs: 7, error: null, response: 'no' }
      await at.db.webhooks.addAttempt({ ...attempt, id: 'a1', deliveryId: 'd1' })
      await at.db.webhooks.addAttempt({ ...attempt, id: 'a3', deliveryId: 'd3' })
      expect(await at.other.webhooks.listAttempts('d1')).toEqual([{ ...attempt, id: 'a1', deliveryId: 'd1' }])
      expect(await at.db.webhooks.forgetBefore(3, 1)).toBe(1)
      expect(await at.db.webhooks.forgetBefore(3, 5)).toBe(1)
      expect(await at.db.webhooks.listAttempts('d1')).toEqual([])
      expect((await at.db.webhooks.listDeliveries({ limit: 5 })).map(({ id }) => id)).toEqual(['d3'])
      expect(await at.db.webhooks.listAttempts('d3')).toHaveLength(1)
    })
  })
}
