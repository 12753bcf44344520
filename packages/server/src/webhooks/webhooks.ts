import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'
import type {
  DeliveryCount,
  DeliveryState,
  WebhookAttempt,
  WebhookDelivery,
} from '../stores/webhook-store.ts'
import { createDeliver, type Deliver, isDelivered } from './deliver.ts'
import { createWebhookEndpoints, type WebhookEndpoints } from './endpoints.ts'
import { createWriteMessage, type ToldEvent } from './message.ts'
import { createAddressRules } from './outbound/addresses.ts'
import { createSender, type Sent } from './outbound/sender.ts'
import { createWebhookSecrets } from './secrets.ts'

/** How webhooks are sent. */
export interface WebhookPolicy {
  /**
   * Addresses and CIDR ranges that endpoints may be at although they are not on the public internet, such as
   * `10.1.0.0/16`; to these plain HTTP is spoken too. Default is none.
   */
  allowedNetworks: readonly string[]
  /** The longest that one try may take, in milliseconds. Default is 15000. */
  timeoutMs: number
}

/** How a try went. */
export interface TryResult extends Sent {
  /** An answer of status 200 to 299 came. */
  isDelivered: boolean
}

/** A delivery as people see it. */
export interface DeliveryView extends Omit<WebhookDelivery, 'leaseOwner' | 'leaseUntilMs'> {
  /** It was given up, and later events of its member went on: what the receiver knows of the member has a gap. */
  breaksOrder: boolean
}

/** Everything that an administrator may do with webhooks. */
export interface Webhooks extends WebhookEndpoints {
  /** Sends a message `webhook.test` now, whether the endpoint is on or off. `undefined` when there is none. */
  test(endpointId: string): Promise<TryResult | undefined>
  /**
   * Sends a delivery again now, whatever its state, under the same id and with today's secrets; also to an endpoint that
   * is off. `undefined` when there is none, or it is on its way right now.
   */
  replay(deliveryId: string): Promise<TryResult | undefined>
  /** Puts everything that an endpoint's dead letters hold on its way again, as new. Says how many. */
  replayDead(endpointId: string): Promise<number>
  /** The newest first; `beforeId` goes on behind the last one of a page. `limit` is 50 by default. */
  deliveries(filter?: DeliveryFilter): Promise<DeliveryView[]>
  delivery(id: string): Promise<DeliveryView | undefined>
  /** How many deliveries of the last seven days are in which state, for each endpoint. */
  counts(): Promise<DeliveryCount[]>
  /** The tries of a delivery, oldest first. */
  attempts(deliveryId: string): Promise<WebhookAttempt[]>
}

export interface DeliveryFilter {
  endpointId?: string | undefined
  state?: DeliveryState | undefined
  beforeId?: string | undefined
  limit?: number | undefined
}

export interface WebhooksParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  policy: WebhookPolicy
  clock: Clock
  newId: NewId
  /** Who does it, for the audit. */
  actor: Actor
}

/** What is made for webhooks: for administrators, and for the dispatcher. */
export interface WebhookRoom {
  webhooks: Webhooks
  /** The same in somebody else's name. */
  webhooksOf(actor: Actor): Webhooks
  deliver: Deliver
  close(): Promise<void>
}

const PAGE = 50
const COUNTED_MS = 7 * 86_400_000
const REPLAY_SETTLE_MS = 30_000

/** @throws {TypeError} When the policy names a network that is none. */
export function createWebhooks(parts: WebhooksParts): WebhookRoom {
  const { db, keyRing, vault, policy, clock, newId } = parts
  const secrets = createWebhookSecrets(keyRing)
  const sender = createSender({
    rules: createAddressRules(policy.allowedNetworks),
    timeoutMs: policy.timeoutMs,
  })
  const writeMessage = createWriteMessage({ db, vault, clock, newId })
  const deliver = createDeliver({ db, secrets, sender, writeMessage, clock, newId })

  const testEvent = (endpointId: string): ToldEvent => {
    const nowMs = clock.now()
    const about = { appid: null, memberId: null, memberSeq: null }
    return { id: newId(nowMs), type: 'webhook.test', ...about, data: { endpointId }, createdAtMs: nowMs }
  }
  const told = (sent: Sent): TryResult => ({ ...sent, isDelivered: isDelivered(sent) })

  const lineOf = (actor: Actor, action: string, target: { kind: string; id: string }) =>
    auditEntry(actor, { action, target }, { newId, nowMs: clock.now() })

  const webhooksOf = (actor: Actor): Webhooks => ({
    ...createWebhookEndpoints({ db, secrets, clock, newId, actor }),
    test: async (endpointId) => {
      const endpoint = await db.webhooks.findEndpoint(endpointId)
      if (!endpoint) return undefined
      await db.audit.add([lineOf(actor, 'webhook.test', { kind: 'webhook', id: endpointId })])
      return told(await deliver.send(endpoint, testEvent(endpointId)))
    },
    replay: async (deliveryId) => {
      const nowMs = clock.now()
      const leaseMs = policy.timeoutMs + REPLAY_SETTLE_MS
      const delivery = await db.webhooks.claimOne(deliveryId, { owner: newId(nowMs), leaseMs, nowMs })
      if (!delivery) return undefined
      await db.audit.add([lineOf(actor, 'webhook.replay', { kind: 'delivery', id: deliveryId })])
      return told(await deliver.attempt(delivery))
    },
    replayDead: (endpointId) =>
      db.transaction(async (stores) => {
        const endpoint = await stores.webhooks.lockEndpoint(endpointId)
        if (!endpoint) return 0
        await stores.audit.add([lineOf(actor, 'webhook.replay-dead', { kind: 'webhook', id: endpointId })])
        const to = endpoint.isEnabled ? 'pending' : 'held'
        return stores.webhooks.moveDeliveries(endpointId, { from: 'dead', to, nowMs: clock.now() })
      }),
    deliveries: async ({ limit = PAGE, ...filter } = {}) => {
      const found = await db.webhooks.listDeliveries({ ...filter, limit })
      return found.map(viewOf)
    },
    delivery: async (id) => {
      const found = await db.webhooks.findDelivery(id)
      return found && viewOf(found)
    },
    counts: () => db.webhooks.countDeliveries(clock.now() - COUNTED_MS),
    attempts: (deliveryId) => db.webhooks.listAttempts(deliveryId),
  })
  return { webhooks: webhooksOf(parts.actor), webhooksOf, deliver, close: () => sender.close() }
}

function viewOf({ leaseOwner: _, leaseUntilMs: __, ...delivery }: WebhookDelivery): DeliveryView {
  return { ...delivery, breaksOrder: delivery.state === 'dead' && delivery.memberId !== null }
}
