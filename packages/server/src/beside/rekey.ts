import { resealAdmins } from '../admin/reseal.ts'
import { resealApps } from '../apps/reseal.ts'
import { keyRingOf, openDatabase } from '../assembly/database.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/logger.ts'
import { type RekeyOptions, type RekeyProgress, rekeyNumbers } from '../numbers/rekey.ts'
import { createPhoneVault } from '../numbers/vault.ts'
import type { HaomaOptions } from '../options.ts'
import { resealSigningKeys } from '../sessions/key-rotation.ts'

/**
 * Writes every stored number, the keys that sign, the secrets of apps and those of one-time codes anew under the current
 * master key, beside the service and while it runs. Give every process the new key in `masterKey` and the old ones in
 * `oldMasterKeys` first. May be stopped and run again: it goes on where it was.
 *
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function rekey(
  options: Pick<
    HaomaOptions,
    'databaseUrl' | 'databasePoolSize' | 'databaseTls' | 'masterKey' | 'masterKeyFile' | 'oldMasterKeys'
  > = {},
  { signal, onProgress }: Pick<RekeyOptions, 'signal' | 'onProgress'> = {},
): Promise<RekeyProgress> {
  const db = await openDatabase(options)
  try {
    const keyRing = await keyRingOf(options, db)
    const vault = createPhoneVault(keyRing, createLogger('silent'))
    await resealSigningKeys({ db, keyRing })
    await resealAdmins({ db, keyRing })
    const apps = await resealApps({ db, keyRing })
    const numbers = await rekeyNumbers(
      { db, keyRing, vault, clock: systemClock },
      { ...(signal && { signal }), ...(onProgress && { onProgress }) },
    )
    return { ...numbers, stuck: numbers.stuck + apps.stuck }
  } finally {
    await db.close()
  }
}
