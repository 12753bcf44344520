import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { WebhookStore } from '../stores/webhook-store.ts'

const DAY_MS = 86_400_000
/** Deliveries, their tries and what endpoints that are off have missed are kept for so long. */
const KEPT_MS = 30 * DAY_MS
const AT_ONCE = 500

/** Forgets deliveries whose time is over. */
export function createForgetDeliveriesJob({
  webhooks,
  clock,
}: {
  webhooks: WebhookStore
  clock: Clock
}): Job {
  return {
    name: 'webhooks-forget',
    everyMs: 3_600_000,
    run: async ({ signal }) => {
      while (!signal.aborted && (await webhooks.forgetBefore(clock.now() - KEPT_MS, AT_ONCE)) === AT_ONCE) {}
      return undefined
    },
  }
}
