import { randomUUID } from 'node:crypto'
import type { AdminView } from '@haoma/protocol/admin'
import { createApiKeys } from '../../src/admin/api-keys.ts'
import { adminDefaults } from '../../src/admin/policy.ts'
import type { ApiKeyScope } from '../../src/admin/roles.ts'
import { createAdminSecrets } from '../../src/admin/secrets.ts'
import { createAdminSessions } from '../../src/admin/sessions.ts'
import type { Connection } from '../../src/http/connection.ts'
import type { Haoma } from '../../src/index.ts'
import { createUuidV7 } from '../../src/kernel/ids.ts'
import type { Admin, AdminRole } from '../../src/stores/admin-store.ts'
import { type Answer, bearer, createClient, type Fixture } from './fixture.ts'

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
    totpPendingSealed: null,
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

/** A browser at the console: keeps its cookies, and sends the token that changes need. */
export interface Browser {
  send(method: string, path: string, body?: unknown): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  /** Uses a link or signs in; later calls are of that session. */
  enter(path: '/admin/v1/session' | '/admin/v1/links/claim', body: unknown): Promise<Answer>
  cookies: Map<string, string>
}

export function openBrowser(haoma: Pick<Haoma, 'fetch'>, connection: Connection = {}): Browser {
  const client = createClient(haoma, connection)
  const cookies = new Map<string, string>()
  let csrf = ''
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await client.send(method, path, {
      headers: {
        'content-type': 'application/json',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-haoma-csrf': csrf,
      },
      ...(method !== 'GET' && method !== 'DELETE' && { body: JSON.stringify(body ?? {}) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    send,
    cookies,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    enter: async (path, body) => {
      const answer = await send('POST', path, body)
      csrf = answer.body?.csrf ?? csrf
      return answer
    },
  }
}

export const password = 'correct horse battery'
const cli = { actorKind: 'cli', actorId: 'haoma', ip: null, requestId: null } as const

/** Makes an administrator the way people do: by a link, with a password; a first one is an owner. */
export async function joinAs(
  haoma: Fixture['haoma'],
  role: AdminRole,
  username: string = role,
  connection: Connection = {},
): Promise<{ browser: Browser; admin: AdminView }> {
  const { token } = await haoma.administrators.invite(role, cli)
  const browser = openBrowser(haoma, connection)
  const { body } = await browser.enter('/admin/v1/links/claim', { token, username, password })
  return { browser, admin: body.admin }
}
