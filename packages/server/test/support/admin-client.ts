import { randomUUID } from 'node:crypto'
import { createApiKeys } from '../../src/admin/api-keys.ts'
import { adminDefaults } from '../../src/admin/policy.ts'
import type { ApiKeyScope } from '../../src/admin/roles.ts'
import { createAdminSecrets } from '../../src/admin/secrets.ts'
import { createAdminSessions } from '../../src/admin/sessions.ts'
import { createUuidV7 } from '../../src/kernel/ids.ts'
import type { Admin, AdminRole } from '../../src/stores/admin-store.ts'
import { bearer, type Fixture } from './fixture.ts'

type Serving = Pick<Fixture, 'db' | 'keyRing' | 'clock'>

/** Makes an administrator of this role, signed in; gives the headers of the session, those that changes need too. */
export async function signedInAs(
  { db, keyRing, clock }: Serving,
  role: AdminRole,
): Promise<{ admin: Admin; headers: { cookie: string; 'x-haoma-csrf': string } }> {
  const secrets = createAdminSecrets(keyRing)
  const sessions = createAdminSessions({ db, secrets, policy: adminDefaults, clock, newId: createUuidV7 })
  const admin: Admin = {
    id: createUuidV7(clock.now()),
    username: `${role}-${randomUUID()}`,
    role,
    passwordHash: '',
    totpSealed: null,
    totpStep: null,
    recoveryDigests: [],
    createdAtMs: clock.now(),
    seenAtMs: null,
    disabledAtMs: null,
  }
  const { secret, session } = await db.transaction(async (stores) => {
    await stores.admins.add(admin)
    return sessions.open(stores, admin, { ip: null, userAgent: null })
  })
  return { admin, headers: { cookie: `haoma-admin=${secret}`, 'x-haoma-csrf': session.csrf } }
}

/** Makes an API key of these scopes; gives the header. */
export async function apiKeyHeaders(
  { db, keyRing, clock }: Serving,
  scopes: readonly ApiKeyScope[],
): Promise<{ authorization: string }> {
  const secrets = createAdminSecrets(keyRing)
  const apiKeys = createApiKeys({ db, secrets, clock, newId: createUuidV7 })
  const actor = { actorKind: 'system', actorId: 'test', ip: null, requestId: null } as const
  const { secret } = await apiKeys.create({ name: scopes.join(' '), scopes }, actor)
  return bearer(secret)
}
