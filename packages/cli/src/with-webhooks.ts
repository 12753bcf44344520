import { type OpenWebhooks, openWebhooks } from '@haoma/server'
import { besideService, within } from './beside.ts'
import { explaining } from './failure.ts'
import { webhookPolicy } from './webhook-policy.ts'

/** What a command about webhooks works with. */
export interface WebhookCommand {
  webhooks: OpenWebhooks
  /** Whether the service has the simulated WeChat behind it. */
  isSimulated: boolean
}

/** Opens webhooks on the database that `haoma start` uses, also while it runs. */
export async function withWebhooks(work: (command: WebhookCommand) => Promise<void>): Promise<void> {
  const { database, settings, wechat } = await besideService()
  const isSimulated = wechat === 'simulator'
  const opening = openWebhooks({ ...database, webhooks: webhookPolicy(settings, isSimulated) })
  await within(opening, (webhooks) => explaining(() => work({ webhooks, isSimulated })))
}
