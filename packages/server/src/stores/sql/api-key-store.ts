import type { Kysely } from 'kysely'
import type { ApiKey, ApiKeyStore } from '../api-key-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** A key as its columns hold it: the scopes are JSON. */
export interface ApiKeyRecord extends Omit<ApiKey, 'scopes'> {
  scopes: string
}

const apiKeyColumns = selectionOf(
  'id',
  'digest',
  'name',
  'hint',
  'scopes',
  'createdBy',
  'createdAtMs',
  'seenAtMs',
  'expiresAtMs',
  'revokedAtMs',
)

export function createSqlApiKeyStore(db: Kysely<Tables>): ApiKeyStore {
  return {
    add: async ({ scopes, ...apiKey }) => {
      await db
        .insertInto('api_keys')
        .values(toRow({ ...apiKey, scopes: JSON.stringify(scopes) }))
        .execute()
    },
    findLiving: async (digests, nowMs) => {
      const record = await db
        .selectFrom('api_keys')
        .select(apiKeyColumns)
        .where('digest', 'in', [...digests])
        .where('revoked_at_ms', 'is', null)
        .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]))
        .executeTakeFirst()
      return record && toApiKey(record)
    },
    list: async () => {
      const records = await db
        .selectFrom('api_keys')
        .select(apiKeyColumns)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return records.map(toApiKey)
    },
    revoke: async (id, nowMs) => {
      const record = await db
        .updateTable('api_keys')
        .set({ revoked_at_ms: nowMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .returning(apiKeyColumns)
        .executeTakeFirst()
      return record && toApiKey(record)
    },
    touch: async (id, nowMs) => {
      await db.updateTable('api_keys').set({ seen_at_ms: nowMs }).where('id', '=', id).execute()
    },
  }
}

const toApiKey = ({ scopes, ...apiKey }: ApiKeyRecord): ApiKey => ({ ...apiKey, scopes: JSON.parse(scopes) })
