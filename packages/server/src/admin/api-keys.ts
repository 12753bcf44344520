import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { ApiKey, ApiKeyStore } from '../stores/api-key-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'
import type { ApiKeyScope } from './roles.ts'
import { type AdminSecrets, randomSecret } from './secrets.ts'

const PREFIX = 'hk_'
const HINT_LENGTH = 4
const TOUCH_EVERY_MS = 60_000

/** What a new key may do. */
export interface ApiKeyGrant {
  /** For people. */
  name: string
  scopes: readonly ApiKeyScope[]
  /** From when on it no longer works. Default is never. */
  expiresAtMs?: number | null
}

export interface ApiKeys {
  /** Makes a key. Its secret is shown once; only its digest is stored. */
  create(grant: ApiKeyGrant, actor: Actor): Promise<{ apiKey: ApiKey; secret: string }>
  /** The living key of a secret. It is read anew each time, so that a revoked one ends everywhere at once. */
  find(secret: string): Promise<ApiKey | undefined>
  list(): Promise<ApiKey[]>
  /** False when there is no living key of that id. */
  revoke(id: string, actor: Actor): Promise<boolean>
}

export interface ApiKeysParts {
  db: Database
  secrets: AdminSecrets
  clock: Clock
  newId: NewId
}

export function createApiKeys({ db, secrets, clock, newId }: ApiKeysParts): ApiKeys {
  return {
    create: async ({ name, scopes, expiresAtMs = null }, actor) => {
      const nowMs = clock.now()
      const secret = `${PREFIX}${randomSecret()}`
      const apiKey: ApiKey = {
        id: newId(nowMs),
        digest: secrets.digest('api-key', secret),
        name: name.trim(),
        hint: secret.slice(PREFIX.length, PREFIX.length + HINT_LENGTH),
        scopes: [...new Set(scopes)],
        createdBy: actor.actorId,
        createdAtMs: nowMs,
        seenAtMs: null,
        expiresAtMs,
        revokedAtMs: null,
      }
      const details = { name: apiKey.name, scopes: apiKey.scopes, expiresAtMs }
      await db.transaction(async ({ apiKeys, audit }) => {
        await apiKeys.add(apiKey)
        const target = { kind: 'api-key', id: apiKey.id }
        await audit.add([auditEntry(actor, { action: 'api-key.create', target, details }, { newId, nowMs })])
      })
      return { apiKey, secret }
    },

    find: async (secret) => {
      if (!isApiKey(secret)) return undefined
      const nowMs = clock.now()
      const found = await db.apiKeys.findLiving(secrets.digests('api-key', secret), nowMs)
      if (found) await noteUse(db.apiKeys, found, nowMs)
      return found
    },

    list: () => db.apiKeys.list(),

    revoke: (id, actor) =>
      db.transaction(async ({ apiKeys, audit }) => {
        const nowMs = clock.now()
        const revoked = await apiKeys.revoke(id, nowMs)
        if (!revoked) return false
        const target = { kind: 'api-key', id }
        const details = { name: revoked.name }
        await audit.add([auditEntry(actor, { action: 'api-key.revoke', target, details }, { newId, nowMs })])
        return true
      }),
  }
}

/** Anything else is known to be none without asking the database. */
function isApiKey(text: string): boolean {
  return /^hk_[\w-]{43}$/.test(text)
}

/** When a key was last used is for people; nobody is refused because it cannot be written. */
async function noteUse(store: ApiKeyStore, { id, seenAtMs }: ApiKey, nowMs: number): Promise<void> {
  if (nowMs - (seenAtMs ?? 0) > TOUCH_EVERY_MS) await store.touch(id, nowMs).catch(() => {})
}
