import type { Kysely } from 'kysely'
import type { BalanceReading, BalanceStore } from '../balance-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** A reading as its columns hold it: lists are JSON. */
export interface StoredReading extends Omit<BalanceReading, 'packages' | 'explanation'> {
  packages: string | null
  explanation: string | null
}

const names = selectionOf(
  'id',
  'appid',
  'component',
  'spuId',
  'atMs',
  'wechatTotal',
  'wechatUsed',
  'wechatLeft',
  'packages',
  'error',
  'oursUsed',
  'difference',
  'explanation',
  'reconciledAtMs',
)
const readingColumns = names.map((name) => `balance_readings.${name}` as const)

const fromStored = ({ packages, explanation, ...reading }: StoredReading): BalanceReading => ({
  ...reading,
  packages: JSON.parse(packages ?? '[]'),
  explanation: JSON.parse(explanation ?? '[]'),
})

export function createSqlBalanceStore(db: Kysely<Tables>): BalanceStore {
  const readings = db.selectFrom('balance_readings').select(readingColumns)

  return {
    add: async ({ packages, explanation, ...reading }) => {
      const lists = { packages: JSON.stringify(packages), explanation: JSON.stringify(explanation) }
      await db
        .insertInto('balance_readings')
        .values(toRow({ ...reading, ...lists }))
        .execute()
    },

    first: async ({ appid, component, spuId }) => {
      const row = await readings
        .where('appid', '=', appid)
        .where('component', '=', component)
        .where('spu_id', '=', spuId)
        .where('error', 'is', null)
        .orderBy('at_ms')
        .limit(1)
        .executeTakeFirst()
      return row && fromStored(row)
    },

    list: async ({ appid, component, fromMs, limit }) => {
      const rows = await readings
        .$if(appid !== undefined, (query) => query.where('appid', '=', appid as string))
        .$if(component !== undefined, (query) => query.where('component', '=', component as 'quick'))
        .$if(fromMs !== undefined, (query) => query.where('at_ms', '>=', fromMs as number))
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(fromStored)
    },

    newest: async (sinceMs) => {
      const last = db
        .selectFrom('balance_readings')
        .select((eb) => ['appid', 'component', eb.fn.max('at_ms').as('at_ms')])
        .where('at_ms', '>=', sinceMs)
        .where('error', 'is', null)
        .groupBy(['appid', 'component'])
        .as('last')
      const rows = await readings
        .innerJoin(last, (join) =>
          join
            .onRef('last.appid', '=', 'balance_readings.appid')
            .onRef('last.component', '=', 'balance_readings.component')
            .onRef('last.at_ms', '=', 'balance_readings.at_ms'),
        )
        .orderBy('balance_readings.appid')
        .orderBy('balance_readings.component')
        .execute()
      return rows.map(fromStored)
    },

    listOpen: async (takenBeforeMs, limit) => {
      const rows = await readings
        .where('reconciled_at_ms', 'is', null)
        .where('error', 'is', null)
        .where('at_ms', '<', takenBeforeMs)
        .orderBy('at_ms')
        .limit(limit)
        .execute()
      return rows.map(fromStored)
    },

    reconcile: async (id, { explanation, ...result }) => {
      await db
        .updateTable('balance_readings')
        .set(toRow({ ...result, explanation: JSON.stringify(explanation) }))
        .where('id', '=', id)
        .execute()
    },
  }
}
