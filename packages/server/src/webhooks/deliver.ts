import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Database, Stores } from '../stores/database.ts'
import type {
  DeliverySettlement,
  DisabledReason,
  WebhookDelivery,
  WebhookEndpoint,
} from '../stores/webhook-store.ts'
import type { ToldEvent, WriteMessage } from './message.ts'
import type { Sender, Sent } from './outbound/sender.ts'
import { DISABLE_AFTER_MS, pauseAfterMs } from './retries.ts'
import type { WebhookSecrets } from './secrets.ts'

export interface DeliverParts {
  db: Database
  secrets: WebhookSecrets
  sender: Sender
  writeMessage: WriteMessage
  clock: Clock
  newId: NewId
}

/** Sends events to endpoints, one try at a time. */
export interface Deliver {
  /** Sends an event now, with today's secrets, under the id that the event has for ever. Writes nothing down. */
  send(endpoint: WebhookEndpoint, event: ToldEvent): Promise<Sent>
  /** Sends a claimed delivery, and writes down how it went. */
  attempt(delivery: WebhookDelivery): Promise<Sent>
}

/** An answer says that the message has arrived by any status of success. */
export const isDelivered = ({ status }: Pick<Sent, 'status'>): boolean =>
  status !== null && status >= 200 && status < 300

export function createDeliver(parts: DeliverParts): Deliver {
  const { db, secrets, sender, writeMessage, clock, newId } = parts

  const send = async (endpoint: WebhookEndpoint, event: ToldEvent): Promise<Sent> => {
    const { body, e164 } = await writeMessage(event, endpoint.withNumber ? endpoint.id : undefined)
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Haoma-Webhooks',
      ...secrets.sign(endpoint, { id: event.id, body, nowMs: clock.now() }),
    }
    const sent = await sender.post(endpoint.url, headers, body)
    return { ...sent, response: withoutNumber(sent.response, e164) }
  }

  const settle = async (delivery: WebhookDelivery, sent: Sent, atMs: number): Promise<void> => {
    const { status, error, durationMs, response } = sent
    const lastError = error ?? (isDelivered(sent) ? null : `HTTP ${status}`)
    await db.transaction(async (stores) => {
      const nowMs = clock.now()
      const endpoint = await stores.webhooks.lockEndpoint(delivery.endpointId)
      if (!endpoint) return
      const health: Health = isDelivered(sent)
        ? { isEnabled: endpoint.isEnabled, failingSinceMs: null }
        : healthAfterFailure(endpoint, sent, nowMs)
      const outcome = outcomeOf(delivery, { isDelivered: isDelivered(sent), isOn: health.isEnabled, nowMs })
      await stores.webhooks.addAttempt({
        id: newId(nowMs),
        deliveryId: delivery.id,
        atMs,
        status,
        durationMs,
        error,
        response,
      })
      const claim = { id: delivery.id, owner: delivery.leaseOwner ?? '', nowMs }
      const isOurs = await stores.webhooks.settle(claim, { ...outcome, lastStatus: status, lastError })
      if (!isOurs) return
      if (outcome.state === 'dead' && delivery.state !== 'dead') {
        await tellOfDeadLetter(stores, delivery, newId(nowMs), nowMs)
      }
      if (endpoint.failingSinceMs !== health.failingSinceMs) {
        await stores.webhooks.changeEndpoint(endpoint.id, { failingSinceMs: health.failingSinceMs })
      }
      if (endpoint.isEnabled && !health.isEnabled) {
        await switchOff(stores, endpoint, { reason: health.disabledReason ?? 'failing', nowMs, newId })
      }
    })
  }

  const giveUp = async (delivery: WebhookDelivery, nowMs: number): Promise<Sent> => {
    const lastError = 'the event is no longer kept'
    const claim = { id: delivery.id, owner: delivery.leaseOwner ?? '', nowMs }
    const { deliveredAtMs } = delivery
    await db.webhooks.settle(claim, {
      state: 'dead',
      nextInMs: 0,
      lastStatus: null,
      lastError,
      deliveredAtMs,
    })
    return { status: null, error: lastError, durationMs: 0, response: null }
  }

  return {
    send,
    attempt: async (delivery) => {
      const atMs = clock.now()
      const [endpoint, event] = await Promise.all([
        db.webhooks.findEndpoint(delivery.endpointId),
        db.events.find(delivery.eventId),
      ])
      if (!endpoint || !event) return giveUp(delivery, atMs)
      const sent = await send(endpoint, event)
      await settle(delivery, sent, atMs)
      return sent
    },
  }
}

interface Health {
  isEnabled: boolean
  failingSinceMs: number | null
  disabledReason?: DisabledReason
}

/** A receiver that says 410 wants nothing more; one that failed for a day gets nothing more until somebody looks. */
function healthAfterFailure(endpoint: WebhookEndpoint, { status }: Sent, nowMs: number): Health {
  const failingSinceMs = endpoint.failingSinceMs ?? nowMs
  if (!endpoint.isEnabled) return { isEnabled: false, failingSinceMs }
  if (status === 410) return { isEnabled: false, failingSinceMs, disabledReason: 'gone' }
  const isOverdue = nowMs - failingSinceMs >= DISABLE_AFTER_MS
  return { isEnabled: !isOverdue, failingSinceMs, disabledReason: 'failing' }
}

function outcomeOf(
  { attempts, state, deliveredAtMs }: WebhookDelivery,
  now: { isDelivered: boolean; isOn: boolean; nowMs: number },
): Pick<DeliverySettlement, 'state' | 'nextInMs' | 'deliveredAtMs'> {
  if (now.isDelivered) return { state: 'delivered', nextInMs: 0, deliveredAtMs: now.nowMs }
  // A replay of what had ended changes nothing when it fails.
  if (state === 'delivered' || state === 'dead') return { state, nextInMs: 0, deliveredAtMs }
  const pauseMs = pauseAfterMs(attempts + 1)
  if (pauseMs === undefined) return { state: 'dead', nextInMs: 0, deliveredAtMs: null }
  return { state: now.isOn ? 'pending' : 'held', nextInMs: pauseMs, deliveredAtMs: null }
}

/** Switches an endpoint off, holds what is on its way to it, and tells those who want alerts. */
async function switchOff(
  { events, webhooks }: Stores,
  endpoint: WebhookEndpoint,
  { reason, nowMs, newId }: { reason: DisabledReason; nowMs: number; newId: NewId },
): Promise<void> {
  const { id, url, failingSinceMs } = endpoint
  await webhooks.changeEndpoint(id, { isEnabled: false, disabledReason: reason, updatedAtMs: nowMs })
  await webhooks.moveDeliveries(id, { from: 'pending', to: 'held', nowMs })
  await events.add({
    id: newId(nowMs),
    type: 'alert.webhook-disabled',
    appid: null,
    memberId: null,
    data: {
      endpointId: id,
      // The rest of an address may be a secret.
      host: new URL(url).host,
      reason,
      failingSince: failingSinceMs === null ? null : new Date(failingSinceMs).toISOString(),
    },
    createdAtMs: nowMs,
  })
}

/** Later events of the member go on without it. About alerts no alert is made: it might never end. */
async function tellOfDeadLetter(
  { events }: Stores,
  delivery: WebhookDelivery,
  id: string,
  nowMs: number,
): Promise<void> {
  if (delivery.type.startsWith('alert.')) return
  const { endpointId, eventId, type, memberId, memberSeq } = delivery
  await events.add({
    id,
    type: 'alert.webhook-dead-letter',
    appid: null,
    memberId: null,
    data: {
      endpointId,
      deliveryId: delivery.id,
      eventId,
      eventType: type,
      memberId,
      memberSeq,
      breaksOrder: memberId !== null,
    },
    createdAtMs: nowMs,
  })
}

/** A receiver that gives the number back shall not bring it into our records. */
function withoutNumber(response: string | null, e164: string | null): string | null {
  if (response === null || e164 === null) return response
  // The last digits are the number in every way of writing its front.
  return response.replaceAll(e164.slice(-8), '********')
}
