import type { Kysely } from 'kysely'
import { StoreConflictError } from '../errors.ts'
import type { IndexKeyStore } from '../index-key-store.ts'
import { forShare, forUpdate } from './dialects.ts'
import { prepared } from './prepared.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

const keyColumns = selectionOf('id', 'state', 'sinceMs')

const findWriting = prepared((db) =>
  db.selectFrom('index_keys').select('id').where('state', '=', 'writing').$call(forShare(db)),
)

export function createSqlIndexKeyStore(db: Kysely<Tables>): IndexKeyStore {
  const isWriting = { state: 'writing' as const }
  return {
    list: () => db.selectFrom('index_keys').select(keyColumns).orderBy('since_ms', 'desc').execute(),
    addWriting: async (id, nowMs) => {
      await db.insertInto('index_keys').values({ id, state: 'writing', since_ms: nowMs }).execute()
    },
    findWriting: async () => {
      const [found] = (await findWriting(db, {})).rows
      // It was changed while we waited for its lock: the next look finds the new one.
      if (!found) throw new StoreConflictError('the index key is being changed')
      return found.id
    },
    startWriting: async (id, nowMs) => {
      await db.selectFrom('index_keys').select('id').orderBy('id').$call(forUpdate(db)).execute()
      await db
        .updateTable('index_keys')
        .set({ state: 'reading' })
        .where('state', '=', 'writing')
        .where('id', '<>', id)
        .execute()
      const writing = { ...isWriting, since_ms: nowMs }
      await db
        .insertInto('index_keys')
        .values({ id, ...writing })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(writing))
        .execute()
    },
    remove: async (id) => {
      await db.deleteFrom('index_keys').where('id', '=', id).where('state', '=', 'reading').execute()
    },
  }
}
