import { keyRingOf, openDatabase } from '../assembly/database.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/logger.ts'
import { type RekeyOptions, type RekeyProgress, rekeyNumbers } from '../numbers/rekey.ts'
import { createPhoneVault } from '../numbers/vault.ts'
import type { HaomaOptions } from '../options.ts'
import { type FormerCredentials, listFormerCredentials } from './former-digests.ts'
import { resealAll } from './reseal.ts'

/** What {@link rekey} did, and what stands against taking the old keys away. */
export interface Rekeyed extends RekeyProgress {
  former: FormerCredentials
}

/**
 * Writes everything that is sealed anew under the current master key, beside the service and while it runs: numbers,
 * secrets of apps and webhooks, alert channels, saved filters, keys that sign, secrets of one-time codes. Give every process
 * the new key in `masterKey` and the old ones in `oldMasterKeys` first. May be stopped and run again: it goes on where it
 * was. Credentials of which only a digest is stored cannot be written anew; they are named.
 *
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function rekey(
  options: Pick<
    HaomaOptions,
    'databaseUrl' | 'databasePoolSize' | 'databaseTls' | 'masterKey' | 'masterKeyFile' | 'oldMasterKeys'
  > = {},
  { signal, onProgress }: Pick<RekeyOptions, 'signal' | 'onProgress'> = {},
): Promise<Rekeyed> {
  const db = await openDatabase(options)
  try {
    const keyRing = await keyRingOf(options, db)
    const vault = createPhoneVault(keyRing, createLogger('silent'))
    const sealed = await resealAll({ db, keyRing })
    const numbers = await rekeyNumbers(
      { db, keyRing, vault, clock: systemClock },
      { ...(signal && { signal }), ...(onProgress && { onProgress }) },
    )
    const former = await listFormerCredentials({ db, keyRing }, systemClock.now())
    return { ...numbers, stuck: numbers.stuck + sealed.stuck, former }
  } finally {
    await db.close()
  }
}
