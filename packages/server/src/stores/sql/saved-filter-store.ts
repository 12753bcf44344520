import type { Kysely } from 'kysely'
import type { SavedFilterStore } from '../saved-filter-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const filterColumns = selectionOf('id', 'adminId', 'page', 'name', 'filterSealed', 'createdAtMs')

export function createSqlSavedFilterStore(db: Kysely<Tables>): SavedFilterStore {
  return {
    add: async (filter) => {
      await db.insertInto('saved_filters').values(toRow(filter)).execute()
    },
    find: (id) =>
      db.selectFrom('saved_filters').select(filterColumns).where('id', '=', id).executeTakeFirst(),
    listNamed: (adminId, page) =>
      db
        .selectFrom('saved_filters')
        .select(filterColumns)
        .where('admin_id', '=', adminId)
        .where('name', 'is not', null)
        .$if(page !== undefined, (query) => query.where('page', '=', page ?? ''))
        .orderBy('name')
        .orderBy('id')
        .execute(),
    list: () => db.selectFrom('saved_filters').select(filterColumns).orderBy('id').execute(),
    reseal: async (id, filterSealed) => {
      await db
        .updateTable('saved_filters')
        .set({ filter_sealed: filterSealed })
        .where('id', '=', id)
        .execute()
    },
    remove: async (id, adminId) => {
      const { numDeletedRows } = await db
        .deleteFrom('saved_filters')
        .where('id', '=', id)
        .where('admin_id', '=', adminId)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}
