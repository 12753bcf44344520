import type { Kysely } from 'kysely'
import type { LedgerStore } from '../ledger-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './schema.ts'

const ledgerColumns = selectionOf(
  'id',
  'codeKey',
  'appid',
  'component',
  'priceLi',
  'state',
  'openid',
  'memberId',
  'reason',
  'errcode',
  'rid',
  'attempts',
  'seenAtMs',
  'settledAtMs',
)

export function createSqlLedgerStore(db: Kysely<Tables>): LedgerStore {
  return {
    add: async (row) => {
      await db
        .insertInto('ledger')
        .values(toRow(row))
        .onConflict((conflict) => conflict.column('code_key').doNothing())
        .execute()
    },
    find: (codeKey) =>
      db.selectFrom('ledger').select(ledgerColumns).where('code_key', '=', codeKey).executeTakeFirst(),
  }
}
