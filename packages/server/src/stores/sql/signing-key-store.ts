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
      db
        .selectFrom('signing_keys')
        .select(signingKeyColumns)
        .orderBy('created_at_ms', 'desc')
        .orderBy('kid')
        .execute(),
    add: async (key) => {
      await db.insertInto('signing_keys').values(toRow(key)).execute()
    },
    setState: async (kid, { from, to, retiredAtMs }) => {
      const { numUpdatedRows } = await db
        .updateTable('signing_keys')
        .set({ state: to, retired_at_ms: retiredAtMs })
        .where('kid', '=', kid)
        .where('state', '=', from)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    reseal: async (kid, sealedPrivateJwk) => {
      await db
        .updateTable('signing_keys')
        .set({ sealed_private_jwk: sealedPrivateJwk })
        .where('kid', '=', kid)
        .execute()
    },
    remove: async (kid) => {
      await db.deleteFrom('signing_keys').where('kid', '=', kid).execute()
    },
  }
}
