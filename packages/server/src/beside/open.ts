import { keyRingOf, openDatabase } from '../assembly/database.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/logger.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import { loadSigningKeys } from '../sessions/signing-keys.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'

/** Which database, and with which key. */
export type BesideOptions = Pick<
  HaomaOptions,
  'databaseUrl' | 'databasePoolSize' | 'databaseTls' | 'masterKey' | 'masterKeyFile' | 'oldMasterKeys'
>

/** Whoever uses the command line, in the audit. */
export const commandLine: Actor = { actorKind: 'cli', actorId: 'haoma', ip: null, requestId: null }

/**
 * Opens the database of a service that may be running, for a program beside it.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openBeside(options: BesideOptions): Promise<{ db: Database; keyRing: KeyRing }> {
  const db = await openDatabase(options)
  try {
    const keyRing = await keyRingOf(options, db)
    await loadSigningKeys({
      db,
      keyRing,
      clock: systemClock,
      logger: createLogger('silent'),
      alg: defaults.signingAlgorithm,
    })
    return { db, keyRing }
  } catch (error) {
    await db.close()
    throw error
  }
}
