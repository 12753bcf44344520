import type { WebhookPolicy } from '@haoma/server'
import type { Settings } from './settings.ts'

const loopback = ['127.0.0.0/8', '::1']

/** Beside the simulator everything is a developer's, so webhooks may reach this machine; else what the settings say. */
export function webhookPolicy(
  config: Pick<Settings, 'webhooks'>,
  isSimulated: boolean,
): Partial<WebhookPolicy> {
  return config.webhooks ?? (isSimulated ? { allowedNetworks: loopback } : {})
}
