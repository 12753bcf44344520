import { type Kysely, sql } from 'kysely'
import type { TariffStore } from '../tariff-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const packColumns = selectionOf(
  'id',
  'appid',
  'component',
  'kind',
  'name',
  'spuId',
  'packageId',
  'entries',
  'priceLi',
  'usedBefore',
  'usedEntries',
  'allocatedLi',
  'startsAtMs',
  'endsAtMs',
  'createdAtMs',
)

export function createSqlTariffStore(db: Kysely<Tables>): TariffStore {
  return {
    listPrices: () =>
      db
        .selectFrom('prices')
        .select(selectionOf('component', 'fromMs', 'li'))
        .orderBy('from_ms')
        .orderBy('component')
        .execute(),

    setPrice: async (price) => {
      await db
        .insertInto('prices')
        .values(toRow(price))
        .onConflict((conflict) => conflict.columns(['component', 'from_ms']).doUpdateSet({ li: price.li }))
        .execute()
    },

    removePrice: async ({ component, fromMs }) => {
      const { numDeletedRows } = await db
        .deleteFrom('prices')
        .where('component', '=', component)
        .where('from_ms', '=', fromMs)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },

    listPacks: ({ appid, component } = {}) =>
      db
        .selectFrom('packs')
        .select(packColumns)
        .$if(appid !== undefined, (query) => query.where('appid', '=', appid as string))
        .$if(component !== undefined, (query) => query.where('component', '=', component as 'quick'))
        .orderBy('starts_at_ms')
        .orderBy('id')
        .execute(),

    findPack: (id) => db.selectFrom('packs').select(packColumns).where('id', '=', id).executeTakeFirst(),

    addPack: async (pack) => {
      const added = await db
        .insertInto('packs')
        .values(toRow(pack))
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      return added !== undefined
    },

    changePack: async (id, to) => {
      await db.updateTable('packs').set(toRow(to)).where('id', '=', id).execute()
    },

    removePack: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('packs').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    charge: async (id, { entries, li }) => {
      await db
        .updateTable('packs')
        .set({
          used_entries: sql<number>`used_entries + ${entries}`,
          allocated_li: sql<number>`allocated_li + ${li}`,
        })
        .where('id', '=', id)
        .execute()
    },

    addRebooking: async (rebooking) => {
      await db.insertInto('rebookings').values(toRow(rebooking)).execute()
    },

    nextRebooking: () =>
      db
        .selectFrom('rebookings')
        .select(selectionOf('id', 'appid', 'component', 'fromMs', 'createdAtMs'))
        .orderBy('created_at_ms')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst(),

    endRebooking: async (id) => {
      await db.deleteFrom('rebookings').where('id', '=', id).execute()
    },
  }
}
