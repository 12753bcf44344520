import { sessionDefaults } from './apps/app-policy.ts'
import { keyRingOf, openDatabase } from './create-haoma.ts'
import { systemClock } from './kernel/clock.ts'
import { defaults, type HaomaOptions } from './options.ts'
import { createKeyRotation, type KeyRotation } from './sessions/key-rotation.ts'

/** The keys of a service, and the connection they were opened on. */
export interface OpenKeys extends Pick<KeyRotation, 'list' | 'rotate' | 'revoke'> {
  close(): Promise<void>
}

/**
 * Opens the keys of a service for a program beside it, such as a command: on the same database, while the service runs.
 * Processes of the service notice within 5 seconds.
 *
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openKeys(
  options: Pick<
    HaomaOptions,
    | 'databaseUrl'
    | 'databasePoolSize'
    | 'databaseTls'
    | 'masterKey'
    | 'masterKeyFile'
    | 'oldMasterKeys'
    | 'signingAlgorithm'
    | 'session'
  > = {},
): Promise<OpenKeys> {
  const db = await openDatabase(options)
  try {
    const keyRing = await keyRingOf(options, db)
    const clock = systemClock
    const { list, rotate, revoke } = createKeyRotation({
      db,
      keyRing,
      clock,
      alg: options.signingAlgorithm ?? defaults.signingAlgorithm,
      longestAccessTtlS: () => options.session?.accessTtlS ?? sessionDefaults.accessTtlS,
    })
    return {
      list,
      rotate,
      revoke,
      close: () => db.close(),
    }
  } catch (error) {
    await db.close()
    throw error
  }
}
