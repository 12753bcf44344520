import type { KeyRing } from '../crypto/key-ring.ts'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import { createDispatcher, type Dispatcher } from '../webhooks/dispatcher.ts'
import { createFanOut } from '../webhooks/fan-out.ts'
import { createForgetDeliveriesJob } from '../webhooks/housekeeping.ts'
import { createWebhooks, type WebhookPolicy, type WebhookRoom, type Webhooks } from '../webhooks/webhooks.ts'

export interface WebhookAssemblyParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  policy: WebhookPolicy
  clock: Clock
  logger: Logger
  newId: NewId
  /** For tests that have less time than a user. */
  settleMs?: number
}

/** What the service does for webhooks: the calls of administrators, what sends, and what tidies up. */
export interface WebhookAssembly extends Pick<WebhookRoom, 'webhooksOf'> {
  webhooks: Webhooks
  dispatcher: Dispatcher
  jobs: Job[]
  /** Ends with the tries that are on the way. */
  close(): Promise<void>
}

/** Puts together what sends events to other systems. */
export function assembleWebhooks(parts: WebhookAssemblyParts): WebhookAssembly {
  const { db, policy, clock, newId, logger } = parts
  const actor = { actorKind: 'system', actorId: 'embedding', ip: null, requestId: null } as const
  const room = createWebhooks({ ...parts, actor })
  const dispatcher = createDispatcher({
    webhooks: db.webhooks,
    fanOut: createFanOut({ db, clock, newId }),
    deliver: room.deliver,
    clock,
    newId,
    logger,
    timeoutMs: policy.timeoutMs,
    settleMs: parts.settleMs,
  })
  return {
    webhooks: room.webhooks,
    webhooksOf: room.webhooksOf,
    dispatcher,
    jobs: [createForgetDeliveriesJob({ webhooks: db.webhooks, clock })],
    close: async () => {
      await dispatcher.stop()
      await room.close()
    },
  }
}
