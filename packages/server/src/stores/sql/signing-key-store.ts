import type { Kysely } from 'kysely'
import type { SigningKeyStore } from '../signing-key-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const signingKeyColumns = selectionOf(
  'kid',
  'alg',
  'state',
  'publicJwk',
  'sealedPrivateJwk',
  'createdAtMs',
  'signsFromMs',
  'retiredAtMs',
)

export function createSqlSigningKeyStore(db: Kysely<Tables>): SigningKeyStore {
  return {
    list: () =>
      db.selectFrom('signing_keys').select(signingKeyColumns).orderBy('created_at_ms', 'desc').execute(),
    add: async (key) => {
      await db.insertInto('signing_keys').values(toRow(key)).execute()
    },
  }
}
