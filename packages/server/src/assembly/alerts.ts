import { type Alerts, createAlerts } from '../alerts/alerts.ts'
import { createChannelPosts } from '../alerts/channels.ts'
import { createDeliverAlertsJob } from '../alerts/deliver-job.ts'
import { createEvaluateJob } from '../alerts/evaluate-job.ts'
import { createReadings, type Readings } from '../alerts/readings.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { createAddressRules } from '../webhooks/outbound/addresses.ts'
import { createSender } from '../webhooks/outbound/sender.ts'
import type { WebhookPolicy } from '../webhooks/webhooks.ts'

export interface AlertAssemblyParts extends Pick<Readings, 'outlook' | 'budgetsReached' | 'differences'> {
  db: Database
  keyRing: KeyRing
  /** Channels may be where webhooks may be. */
  policy: WebhookPolicy
  clock: Clock
  newId: NewId
  logger: Logger
}

/** Whatever looks for what is wrong, and tells of it. */
export interface AlertAssembly {
  alerts: Alerts
  jobs: Job[]
  close(): Promise<void>
}

export function assembleAlerts(parts: AlertAssemblyParts): AlertAssembly {
  const { keyRing, policy } = parts
  const sender = createSender({
    rules: createAddressRules(policy.allowedNetworks),
    timeoutMs: policy.timeoutMs,
  })
  const posts = createChannelPosts({ keyRing, sender })
  return {
    alerts: createAlerts({ ...parts, posts }),
    jobs: [
      createEvaluateJob({ ...parts, readings: createReadings(parts) }),
      createDeliverAlertsJob({ ...parts, posts }),
    ],
    close: () => sender.close(),
  }
}
