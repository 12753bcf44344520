import type { Kysely } from 'kysely'
import type { AppStore, StoredApp } from '../app-store.ts'
import { forUpdate } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** An app as its columns hold it. */
export interface AppRecord extends Omit<StoredApp, 'isEnabled'> {
  isEnabled: number
}

const appColumns = selectionOf(
  'appid',
  'kind',
  'name',
  'secretSealed',
  'settings',
  'isEnabled',
  'createdAtMs',
  'updatedAtMs',
)

export function createSqlAppStore(db: Kysely<Tables>): AppStore {
  const apps = db.selectFrom('apps').select(appColumns)
  return {
    list: async () => (await apps.orderBy('created_at_ms').orderBy('appid').execute()).map(toApp),
    lock: async (appid) => {
      const record = await apps.where('appid', '=', appid).$call(forUpdate(db)).executeTakeFirst()
      return record && toApp(record)
    },
    add: async (app) => {
      await db
        .insertInto('apps')
        .values(toRow({ ...app, isEnabled: Number(app.isEnabled) }))
        .execute()
    },
    change: async (appid, { isEnabled, ...change }) => {
      const { numUpdatedRows } = await db
        .updateTable('apps')
        .set(toRow({ ...change, ...(isEnabled !== undefined && { isEnabled: Number(isEnabled) }) }))
        .where('appid', '=', appid)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  }
}

const toApp = (record: AppRecord): StoredApp => ({ ...record, isEnabled: record.isEnabled === 1 })
