import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../test/support/receiver.ts'
import { startWebhooks, type WebhookService } from '../../test/support/webhook-service.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { MOST_TRIES } from './retries.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let service: WebhookService
let receiver: Receiver
beforeEach(async () => {
  service = await startWebhooks()
  receiver = await startReceiver()
})
afterEach(async () => {
  await service.end()
  await receiver.close()
})

const endpoint = async (id: string) => (await service.webhooks.list()).find((one) => one.id === id)
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'])
const typesOf = (from: Receiver = receiver) => from.received.map(({ message }) => message.type)
const signaturesOf = (at: number) => String(receiver.received[at]?.headers['webhook-signature']).split(' ')
/** Runs until nothing is due, `tries` times over, with pauses that end every back-off. */
const runTries = async (tries: number, pauseMs = 2 * DAY_MS) => {
  for (let run = 0; run < tries; run += 1) {
    await service.dispatcher.run()
    service.advance(pauseMs)
  }
}

describe('an event', () => {
  it('reaches each endpoint that asked for it, signed as Standard Webhooks asks', async () => {
    const all = await service.webhooks.create({ url: receiver.url })
    const other = await startReceiver()
    await service.webhooks.create({ url: other.url, events: ['phone.*', 'alert.balance-low'] })
    await service.addMember('m1', '+8613800138000')
    const [created] = await service.tell('m1', 'member.created', 'phone.bound', 'session.ended')
    await service.tell(null, 'alert.balance-low', 'alert.budget-reached')
    await service.dispatcher.run()

    expect(typesOf().sort()).toEqual(
      ['alert.balance-low', 'alert.budget-reached', 'member.created', 'phone.bound', 'session.ended'].sort(),
    )
    expect(typesOf(other).sort()).toEqual(['alert.balance-low', 'phone.bound'])
    const { headers, body, message } = receiver.received.find(({ message: { id } }) => id === created) ?? {}
    expect(new Webhook(all.secret).verify(body ?? '', headers as Record<string, string>)).toEqual(message)
    expect(message).toEqual({
      id: created,
      type: 'member.created',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      appid: 'wx1',
      memberId: 'm1',
      memberSeq: 1,
      data: { n: 1, phone: { masked: '138****8000', verifiedAt: expect.any(String) } },
    })
    expect(headers?.['webhook-id']).toBe(created)
    await other.close()
  })

  it('is sent by one run with those behind it, also where a look at the database takes longer than a try', async () => {
    const db = await openSqliteDatabase(':memory:')
    const { webhooks } = db
    const claimDue: typeof webhooks.claimDue = async (claim) => {
      const claimed = await webhooks.claimDue(claim)
      await sleep(40)
      return claimed
    }
    const slow = await startWebhooks({}, { db: { ...db, webhooks: { ...webhooks, claimDue } } })
    await slow.webhooks.create({ url: receiver.url })
    await slow.addMember('m1')
    const told = await slow.tell('m1', 'member.created', 'phone.bound', 'session.ended')
    await slow.dispatcher.run()
    expect(ids()).toEqual(told)
    await slow.end()
    await db.close()
  })

  it('of another app does not come; of no app it does', async () => {
    await service.webhooks.create({ url: receiver.url, appids: ['wx2'] })
    await service.addMember('m1')
    await service.tell('m1', 'member.created')
    const event = {
      type: 'alert.x',
      appid: null,
      memberId: null,
      data: {},
      createdAtMs: service.now(),
    } as const
    await service.db.events.add({ ...event, id: 'of-none' })
    await service.db.events.add({ ...event, id: 'of-wx2', appid: 'wx2' })
    await service.dispatcher.run()
    expect(ids().sort()).toEqual(['of-none', 'of-wx2'])
  })

  it('from before the endpoint was made does not come', async () => {
    await service.addMember('m1')
    await service.tell('m1', 'member.created')
    await service.webhooks.create({ url: receiver.url })
    await service.tell('m1', 'phone.bound')
    await service.dispatcher.run()
    expect(typesOf()).toEqual(['phone.bound'])
  })

  it('tells the full number only where it is asked for, and each is in the audit', async () => {
    await service.webhooks.create({ url: receiver.url })
    const full = await startReceiver()
    full.answer = (response, { body }) => response.end(body)
    const { endpointId } = await service.webhooks.create({ url: full.url, withNumber: true })
    await service.addMember('m1', '+8613800138000')
    const [eventId] = await service.tell('m1', 'phone.bound', 'phone.unbound')
    await service.dispatcher.run()
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('13800138000')
    expect(full.received.map(({ message }) => message.data.phone?.e164)).toEqual([
      '+8613800138000',
      undefined,
    ])
    const reads = (await service.db.audit.list(20)).filter(({ action }) => action === 'number.read')
    expect(reads).toMatchObject([
      {
        actorId: `webhook:${endpointId}`,
        targetId: 'm1',
        reason: `webhook phone.bound ${eventId}`,
      },
    ])
    const deliveries = await service.webhooks.deliveries({ endpointId })
    const kept = await Promise.all(deliveries.map(({ id }) => service.webhooks.attempts(id)))
    expect(JSON.stringify(kept)).not.toContain('00138000')
  })
})

describe('a delivery that fails', () => {
  it.each<[string, Receiver['answer'], number | null]>([
    ['answers 500', (response) => response.writeHead(500).end('no'), 500],
    ['redirects', (response) => response.writeHead(302, { location: '/elsewhere' }).end(), 302],
    ['closes without an answer', (response) => response.destroy(), null],
  ])('because the receiver %s is tried again under the same id', async (_name, answer, status) => {
    const { endpointId } = await service.webhooks.create({ url: receiver.url })
    await service.addMember('m1')
    receiver.answer = answer
    const [id] = await service.tell('m1', 'member.created')
    await service.dispatcher.run()
    expect(ids()).toEqual([id])
    const [failed] = await service.webhooks.deliveries({ endpointId })
    expect(failed).toMatchObject({ state: 'pending', attempts: 1, lastStatus: status })
    expect((await endpoint(endpointId))?.failingSinceMs).not.toBeNull()
    await service.dispatcher.run()
    expect(ids(), 'not before its time').toEqual([id])

    receiver.answer = (response) => response.end('ok')
    service.advance(6000)
    await service.dispatcher.run()
    expect(ids()).toEqual([id, id])
    expect(await service.webhooks.deliveries({ endpointId })).toMatchObject([
      { state: 'delivered', attempts: 2, lastStatus: 200, lastError: null },
    ])
    expect((await endpoint(endpointId))?.failingSinceMs).toBeNull()
    expect(await service.webhooks.attempts(failed?.id ?? '')).toMatchObject([
      { status },
      { status: 200, response: 'ok', error: null },
    ])
  })

  it('because nobody listens keeps the reason', async () => {
    await receiver.close()
    const { endpointId } = await service.webhooks.create({ url: receiver.url })
    await service.tell(null, 'alert.x')
    await service.dispatcher.run()
    expect(await service.webhooks.deliveries({ endpointId })).toMatchObject([
      { state: 'pending', lastStatus: null, lastError: 'connection refused' },
    ])
  })

  it('because the receiver takes too long holds nobody else up', async () => {
    const hasty = await startWebhooks({ timeoutMs: 300 })
    receiver.answer = () => {}
    const quick = await startReceiver()
    const slow = await hasty.webhooks.create({ url: receiver.url })
    await hasty.webhooks.create({ url: quick.url })
    await hasty.tell(null, ...Array.from({ length: 12 }, () => 'alert.x' as const))
    await hasty.dispatcher.run()
    expect(quick.received).toHaveLength(12)
    const deliveries = await hasty.webhooks.deliveries({ endpointId: slow.endpointId })
    expect(deliveries.map(({ lastError }) => lastError)).toEqual(Array(12).fill('timed out'))
    await hasty.end()
    await quick.close()
  })

  it('keeps later events of its member waiting, and no others', async () => {
    await service.webhooks.create({ url: receiver.url })
    await service.addMember('m1')
    await service.addMember('m2')
    receiver.answer = (response, { message }) =>
      response.writeHead(message.memberId === 'm1' ? 503 : 200).end()
    await service.tell('m1', 'member.created', 'phone.bound', 'phone.changed')
    await service.tell('m2', 'member.created', 'phone.bound')
    await service.dispatcher.run()
    const of = (memberId: string) =>
      receiver.received.filter(({ message }) => message.memberId === memberId).map((r) => r.message.memberSeq)
    expect(of('m1')).toEqual([1])
    expect(of('m2')).toEqual([1, 2])
    receiver.answer = (response) => response.end()
    service.advance(6000)
    await service.dispatcher.run()
    expect(of('m1')).toEqual([1, 1, 2, 3])
  })

  it('for good becomes a dead letter that says that it breaks the order, and may be replayed', async () => {
    const { endpointId } = await service.webhooks.create({ url: receiver.url, events: ['phone.*'] })
    const alerts = await startReceiver()
    await service.webhooks.create({ url: alerts.url, events: ['alert.*'] })
    await service.addMember('m1')
    await service.addMember('m2')
    receiver.answer = (response, { message }) =>
      response.writeHead(message.type === 'phone.bound' ? 400 : 200).end()
    const [bad, next] = await service.tell('m1', 'phone.bound', 'phone.changed')
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await service.dispatcher.run()
      // Another member's event arrives in between: the endpoint itself is well.
      await service.tell('m2', 'phone.changed')
      await service.dispatcher.run()
      service.advance(27 * HOUR_MS)
    }
    await service.dispatcher.run()
    expect(ids().filter((id) => id === bad)).toHaveLength(MOST_TRIES)
    expect(ids().indexOf(next)).toBeGreaterThan(ids().lastIndexOf(bad))
    const [dead] = await service.webhooks.deliveries({ endpointId, state: 'dead' })
    expect(dead).toMatchObject({ eventId: bad, breaksOrder: true, attempts: MOST_TRIES })
    expect(alerts.received.map(({ message }) => message)).toMatchObject([
      {
        type: 'alert.webhook-dead-letter',
        data: { deliveryId: dead?.id, memberId: 'm1', breaksOrder: true },
      },
    ])

    expect(await service.webhooks.replay(dead?.id ?? '')).toMatchObject({ isDelivered: false, status: 400 })
    expect((await service.webhooks.deliveries({ endpointId, state: 'dead' })).length).toBe(1)
    receiver.answer = (response) => response.end()
    expect(await service.webhooks.replayDead(endpointId)).toBe(1)
    await service.dispatcher.run()
    expect(ids().at(-1)).toBe(bad)
    expect(await service.webhooks.deliveries({ endpointId, state: 'dead' })).toEqual([])
    await alerts.close()
  })
})

describe('an endpoint', () => {
  it('that fails for a day is switched off with an alert, and gets what it missed when it is on again', async () => {
    const { endpointId } = await service.webhooks.create({ url: receiver.url, events: ['phone.*'] })
    const alerts = await startReceiver()
    await service.webhooks.create({ url: alerts.url, events: ['alert.webhook-disabled'] })
    await service.addMember('m1')
    receiver.answer = (response) => response.writeHead(500).end()
    const [first] = await service.tell('m1', 'phone.bound')
    await service.dispatcher.run()
    service.advance(23 * HOUR_MS)
    await service.dispatcher.run()
    expect(await endpoint(endpointId)).toMatchObject({ isEnabled: true })
    service.advance(HOUR_MS)
    await runTries(2, 0)
    expect(await endpoint(endpointId)).toMatchObject({ isEnabled: false, disabledReason: 'failing' })
    expect(alerts.received.map(({ message }) => message.data)).toEqual([
      {
        endpointId,
        host: new URL(receiver.url).host,
        reason: 'failing',
        failingSince: expect.stringMatching(/Z$/),
      },
    ])

    const [second] = await service.tell('m1', 'phone.changed')
    const before = receiver.received.length
    await runTries(2)
    expect(receiver.received, 'nothing is sent while it is off').toHaveLength(before)
    expect(await service.webhooks.deliveries({ endpointId })).toMatchObject([
      { state: 'held' },
      { state: 'held' },
    ])

    receiver.answer = (response) => response.end()
    const [, held] = await service.webhooks.deliveries({ endpointId })
    expect(await service.webhooks.replay(held?.id ?? ''), 'a replay works while it is off').toMatchObject({
      isDelivered: true,
    })
    await service.webhooks.enable(endpointId)
    await service.dispatcher.run()
    expect(ids().slice(before)).toEqual([first, second])
    await alerts.close()
  })

  it('that says 410 is switched off at once', async () => {
    const { endpointId } = await service.webhooks.create({ url: receiver.url, events: ['phone.*'] })
    receiver.answer = (response) => response.writeHead(410).end()
    await service.addMember('m1')
    await service.tell('m1', 'phone.bound')
    await service.dispatcher.run()
    expect(await endpoint(endpointId)).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
  })

  it('switched off by hand gets nothing, and a test message all the same', async () => {
    const { endpointId, secret } = await service.webhooks.create({ url: receiver.url })
    await service.webhooks.disable(endpointId)
    await service.tell(null, 'alert.x')
    await service.dispatcher.run()
    expect(receiver.received).toEqual([])
    expect(await service.webhooks.test(endpointId)).toMatchObject({ isDelivered: true, response: 'thanks' })
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'webhook.test',
    })
  })

  it('has two secrets at a time after a rotation, and never three', async () => {
    const first = await service.webhooks.create({ url: receiver.url })
    const second = await service.webhooks.rotate(first.endpointId)
    const verify = (secret: string | undefined, at: number) => () =>
      new Webhook(secret ?? '').verify(
        receiver.received[at]?.body ?? '',
        receiver.received[at]?.headers as Record<string, string>,
      )
    await service.webhooks.test(first.endpointId)
    expect(signaturesOf(0)).toHaveLength(2)
    expect(verify(first.secret, 0)).not.toThrow()
    expect(verify(second?.secret, 0)).not.toThrow()
    const third = await service.webhooks.rotate(first.endpointId, { overlapS: 60 })
    await service.webhooks.test(first.endpointId)
    expect(signaturesOf(1)).toHaveLength(2)
    expect(verify(first.secret, 1)).toThrow()
    expect(verify(third?.secret, 1)).not.toThrow()
    service.advance(60_000)
    await service.webhooks.test(first.endpointId)
    expect(signaturesOf(2)).toHaveLength(1)
    const stored = await service.db.webhooks.findEndpoint(first.endpointId)
    expect(stored?.secretsSealed).not.toContain('whsec_')
    expect(JSON.stringify(await service.webhooks.list())).not.toContain('whsec_')
  })

  it('is audited with its host and without the rest of its address', async () => {
    const { endpointId } = await service.webhooks.create({ url: receiver.url, events: ['phone.*'] })
    await service.webhooks.update(endpointId, { description: '商城' })
    await service.webhooks.disable(endpointId)
    const entries = await service.db.audit.list(10)
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'webhook.create',
      'webhook.disable',
      'webhook.update',
    ])
    expect(entries.every(({ targetId }) => targetId === endpointId)).toBe(true)
    expect(JSON.stringify(entries)).not.toContain('key=abc')
    expect(await service.webhooks.enable('nobody')).toBe(false)
  })

  it.each([
    [{ url: 'ftp://shop.test/' }],
    [{ url: 'https://user:pass@shop.test/' }],
    [{ url: 'shop.test' }],
    [{ url: 'https://shop.test/', events: ['phone.stolen'] }],
    [{ url: 'https://shop.test/', events: [] }],
    [{ url: 'https://shop.test/', appids: [] }],
  ])('that makes no sense is refused: %j', async (settings) => {
    await expect(service.webhooks.create(settings)).rejects.toThrow(TypeError)
    expect(await service.webhooks.list()).toEqual([])
  })
})

it('forgets deliveries after 30 days', async () => {
  await service.webhooks.create({ url: receiver.url })
  await service.tell(null, 'alert.x')
  await service.dispatcher.run()
  service.advance(31 * DAY_MS)
  const [job] = service.jobs
  const saveProgress = async () => {}
  await job?.run({ signal: new AbortController().signal, progress: null, saveProgress })
  expect(await service.webhooks.deliveries()).toEqual([])
})
