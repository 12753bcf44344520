import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { type ClientRegistry, createClientRegistry } from '../tokens/clients.ts'
import { type BesideOptions, commandLine, openBeside } from './open.ts'

/** The registry of back ends, and the connection it was opened on. */
export interface OpenClients extends ClientRegistry {
  close(): Promise<void>
}

/**
 * Opens the registry of back ends for a program beside the service, such as a command: on the same database, while the
 * service runs. Processes of the service notice within 5 seconds.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openClients(options: BesideOptions = {}): Promise<OpenClients> {
  const { db, keyRing } = await openBeside(options)
  const registry = createClientRegistry({
    db,
    key: keyRing.current('client-secret'),
    clock: systemClock,
    newId: createUuidV7,
    actor: commandLine,
  })
  return { ...registry, close: () => db.close() }
}
