import { type OpenWebhooks, openWebhooks } from '@haoma/server'
import { readEnvironment } from './environment.ts'
import { Failure } from './failure.ts'
import { serviceDatabaseUrl } from './service-database.ts'
import { readSettings } from './settings.ts'
import { planWeChat } from './start-plan.ts'
import { webhookPolicy } from './webhook-policy.ts'

/** What a command about webhooks works with. */
export interface WebhookCommand {
  webhooks: OpenWebhooks
  /** Whether the service has the simulated WeChat behind it. */
  isSimulated: boolean
}

/** Opens webhooks on the database that `haoma start` uses, also while it runs. */
export async function withWebhooks(work: (command: WebhookCommand) => Promise<void>): Promise<void> {
  const env = readEnvironment(process.cwd())
  const config = readSettings(env)
  const isSimulated = planWeChat(config, env.NODE_ENV) === 'simulator'
  const webhooks = await openWebhooks({
    databaseUrl: serviceDatabaseUrl(config, env),
    webhooks: webhookPolicy(config, isSimulated),
    ...(config.masterKey && { masterKey: config.masterKey }),
  })
  try {
    await work({ webhooks, isSimulated })
  } catch (error) {
    // What makes no sense is explained in one line.
    if (error instanceof TypeError) throw new Failure([error.message], { cause: error })
    throw error
  } finally {
    await webhooks.close()
  }
}
