import { sessionDefaults } from '../apps/app-policy.ts'
import { keyRingOf, openDatabase } from '../assembly/database.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import { createKeyRotation, type KeyRotation, type SigningKeyView } from '../sessions/key-rotation.ts'
import { commandLine } from './open.ts'

/** The keys of a service, and the connection they were opened on. */
export interface OpenKeys extends Pick<KeyRotation, 'list'> {
  /** See {@link KeyRotation.rotate}. */
  rotate(): Promise<SigningKeyView>
  /** See {@link KeyRotation.revoke}. */
  revoke(kid: string): Promise<SigningKeyView | undefined>
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
      newId: createUuidV7,
      alg: options.signingAlgorithm ?? defaults.signingAlgorithm,
      longestAccessTtlS: () => options.session?.accessTtlS ?? sessionDefaults.accessTtlS,
    })
    return {
      list,
      rotate: () => rotate(commandLine),
      revoke: (kid) => revoke(kid, commandLine),
      close: () => db.close(),
    }
  } catch (error) {
    await db.close()
    throw error
  }
}
