import type { Kysely } from 'kysely'
import type { LedgerStore } from '../ledger-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const ledgerColumns = selectionOf(
  'id',
  'codeKey',
  'appid',
  'surface',
  'clientId',
  'component',
  'state',
  'source',
  'isBilled',
  'listLi',
  'chargeLi',
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
      await db.insertInto('ledger').values(toRow(row)).execute()
    },
    find: (codeKey) =>
      db.selectFrom('ledger').select(ledgerColumns).where('code_key', '=', codeKey).executeTakeFirst(),
  }
}
