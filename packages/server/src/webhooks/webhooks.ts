import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { AuditEntry } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'
import type { DeliveryState, WebhookAttempt, WebhookDelivery } from '../stores/webhook-store.ts'
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
  actor: Pick<AuditEntry, 'actorKind' | 'actorId'>
}

/** What is made for webhooks: for administrators, and for the dispatcher. */
export interface WebhookRoom {
  webhooks: Webhooks
  deliver: Deliver
  close(): Promise<void>
}

const PAGE = 50
const REPLAY_SETTLE_MS = 30_000

/** @throws {TypeError} When the policy names a network that is none. */
export function createWebhooks(parts: WebhooksParts): WebhookRoom {
  const { db, keyRing, vault, policy, clock, newId, actor } = parts
  const secrets = createWebhookSecrets(keyRing)
  const sender = createSender({
    rules: createAddressRules(policy.allowedNetworks),
    timeoutMs: policy.timeoutMs,
  })
  const writeMessage = createWriteMessage({ db, vault, clock, newId })
  const deliver = createDeliver({ db, secrets, sender, writeMessage, clock, newId })
  const endpoints = createWebhookEndpoints({ db, secrets, clock, newId, actor })

  const testEvent = (endpointId: string): ToldEvent => {
    const nowMs = clock.now()
    const about = { appid: null, memberId: null, memberSeq: null }
    return { id: newId(nowMs), type: 'webhook.test', ...about, data: { endpointId }, createdAtMs: nowMs }
  }
  const told = (sent: Sent): TryResult => ({ ...sent, isDelivered: isDelivered(sent) })

  const webhooks: Webhooks = {
    ...endpoints,
    test: async (endpointId) => {
      const endpoint = await db.webhooks.findEndpoint(endpointId)
      return endpoint && told(await deliver.send(endpoint, testEvent(endpointId)))
    },
    replay: async (deliveryId) => {
      const nowMs = clock.now()
      const leaseMs = policy.timeoutMs + REPLAY_SETTLE_MS
      const delivery = await db.webhooks.claimOne(deliveryId, { owner: newId(nowMs), leaseMs, nowMs })
      return delivery && told(await deliver.attempt(delivery))
    },
    replayDead: (endpointId) =>
      db.transaction(async (stores) => {
        const endpoint = await stores.webhooks.lockEndpoint(endpointId)
        if (!endpoint) return 0
        const to = endpoint.isEnabled ? 'pending' : 'held'
        return stores.webhooks.moveDeliveries(endpointId, { from: 'dead', to, nowMs: clock.now() })
      }),
    deliveries: async ({ limit = PAGE, ...filter } = {}) => {
      const found = await db.webhooks.listDeliveries({ ...filter, limit })
      return found.map(({ leaseOwner: _, leaseUntilMs: __, ...delivery }) => ({
        ...delivery,
        breaksOrder: delivery.state === 'dead' && delivery.memberId !== null,
      }))
    },
    attempts: (deliveryId) => db.webhooks.listAttempts(deliveryId),
  }
  return { webhooks, deliver, close: () => sender.close() }
}
