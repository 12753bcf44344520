import { type Kysely, sql } from 'kysely'
import type { TelemetryStore } from '../telemetry-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const sumColumns = selectionOf(
  'startMs',
  'appid',
  'component',
  'event',
  'clientVersion',
  'entries',
  'durationMs',
)

export function createSqlTelemetryStore(db: Kysely<Tables>): TelemetryStore {
  return {
    takeBatch: async ({ id, atMs }) => {
      const taken = await db
        .insertInto('telemetry_batches')
        .values({ id, at_ms: atMs })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return taken !== undefined
    },
    add: async (sums) => {
      if (sums.length === 0) return
      await db
        .insertInto('telemetry_sums')
        .values(sums.map((sum) => toRow(sum)))
        .onConflict((conflict) =>
          conflict.columns(['start_ms', 'appid', 'component', 'event', 'client_version']).doUpdateSet({
            entries: sql<number>`telemetry_sums.entries + excluded.entries`,
            duration_ms: sql<number>`telemetry_sums.duration_ms + excluded.duration_ms`,
          }),
        )
        .execute()
    },
    list: ({ appid, fromMs }) =>
      db
        .selectFrom('telemetry_sums')
        .select(sumColumns)
        .where('appid', '=', appid)
        .where('start_ms', '>=', fromMs)
        .orderBy('start_ms')
        .orderBy('event')
        .execute(),
    removeBatches: async ({ takenBeforeMs, limit }) => {
      const old = db
        .selectFrom('telemetry_batches')
        .select('id')
        .where('at_ms', '<', takenBeforeMs)
        .orderBy('at_ms')
        .limit(limit)
      const { numDeletedRows } = await db
        .deleteFrom('telemetry_batches')
        .where('id', 'in', old)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
