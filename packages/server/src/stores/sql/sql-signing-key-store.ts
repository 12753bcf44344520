import type { Kysely } from 'kysely'
import type { SigningKeyStore } from '../signing-key-store.ts'
import type { Tables } from './schema.ts'

export function createSqlSigningKeyStore(db: Kysely<Tables>): SigningKeyStore {
  return {
    list: () => db.selectFrom('signingKeys').selectAll().orderBy('createdAtMs', 'desc').execute(),
    add: async (key) => {
      await db.insertInto('signingKeys').values(key).execute()
    },
  }
}
