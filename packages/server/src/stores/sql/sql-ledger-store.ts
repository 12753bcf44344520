import type { Kysely } from 'kysely'
import type { LedgerStore } from '../ledger-store.ts'
import type { Tables } from './schema.ts'

export function createSqlLedgerStore(db: Kysely<Tables>): LedgerStore {
  return {
    add: async (row) => {
      await db
        .insertInto('ledger')
        .values(row)
        .onConflict((conflict) => conflict.column('codeKey').doNothing())
        .execute()
    },
    find: (codeKey) => db.selectFrom('ledger').selectAll().where('codeKey', '=', codeKey).executeTakeFirst(),
  }
}
