import { type Administrators, createAdministrators } from '../admin/administrators.ts'
import { createKnownDevices } from '../admin/known-devices.ts'
import { createAdminLinks } from '../admin/links.ts'
import { createPasswords } from '../admin/passwords.ts'
import { adminDefaults } from '../admin/policy.ts'
import { createAdminSecrets } from '../admin/secrets.ts'
import { createAdminSessions } from '../admin/sessions.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { type BesideOptions, openBeside } from './open.ts'

/** Who may administer a service, and the connection it was opened on. */
export interface OpenAdministrators extends Administrators {
  close(): Promise<void>
}

/**
 * Opens the administrators of a service for a program beside it, such as a command: on the same database, while the service
 * runs.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openAdministrators(options: BesideOptions = {}): Promise<OpenAdministrators> {
  const { db, keyRing } = await openBeside(options)
  const secrets = createAdminSecrets(keyRing)
  const parts = { db, secrets, clock: systemClock, newId: createUuidV7 }
  const links = createAdminLinks({
    ...parts,
    sessions: createAdminSessions({ ...parts, policy: adminDefaults }),
    devices: createKnownDevices(secrets),
    passwords: createPasswords(),
  })
  return { ...createAdministrators({ ...parts, links }), close: () => db.close() }
}
