import { type ApiKeyGrant, type ApiKeys, createApiKeys } from '../admin/api-keys.ts'
import { createAdminSecrets } from '../admin/secrets.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import type { ApiKey } from '../stores/api-key-store.ts'
import { type BesideOptions, commandLine, openBeside } from './open.ts'

/** The API keys of a service, and the connection they were opened on. */
export interface OpenApiKeys extends Pick<ApiKeys, 'list'> {
  /** See {@link ApiKeys.create}. */
  create(grant: ApiKeyGrant): Promise<{ apiKey: ApiKey; secret: string }>
  /** See {@link ApiKeys.revoke}. */
  revoke(id: string): Promise<boolean>
  close(): Promise<void>
}

/**
 * Opens the API keys of a service for a program beside it, such as a command: on the same database, while the service
 * runs. A key that is revoked ends in every process at once.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openApiKeys(options: BesideOptions = {}): Promise<OpenApiKeys> {
  const { db, keyRing } = await openBeside(options)
  const { list, create, revoke } = createApiKeys({
    db,
    secrets: createAdminSecrets(keyRing),
    clock: systemClock,
    newId: createUuidV7,
  })
  return {
    list,
    create: (grant) => create(grant, commandLine),
    revoke: (id) => revoke(id, commandLine),
    close: () => db.close(),
  }
}
