import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { createPhoneVault } from '../numbers/vault.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import { createTail, type Tail } from '../webhooks/tail.ts'
import { createWebhooks, type Webhooks } from '../webhooks/webhooks.ts'
import { type BesideOptions, commandLine, openBeside } from './open.ts'

/** Webhooks as their administrator and their developer use them, and the connection they were opened on. */
export interface OpenWebhooks extends Webhooks, Tail {
  close(): Promise<void>
}

/**
 * Opens webhooks for a program beside the service, such as a command: on the same database, while the service runs. The
 * service sends; only tests and replays are sent from here.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 * @throws {TypeError} When an allowed network is none.
 */
export async function openWebhooks(
  options: BesideOptions & Pick<HaomaOptions, 'webhooks'> = {},
): Promise<OpenWebhooks> {
  const { db, keyRing } = await openBeside(options)
  const vault = createPhoneVault(keyRing, createLogger('silent'))
  const given = { db, vault, clock: systemClock, newId: createUuidV7 }
  try {
    const { webhooks, close } = createWebhooks({
      ...given,
      keyRing,
      policy: { ...defaults.webhooks, ...options.webhooks },
      actor: commandLine,
    })
    const tail = createTail(given)
    return {
      ...webhooks,
      ...tail,
      close: async () => {
        await close()
        await db.close()
      },
    }
  } catch (error) {
    await db.close()
    throw error
  }
}
