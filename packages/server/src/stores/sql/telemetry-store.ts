import { type Kysely, sql } from 'kysely'
import type { TelemetryAnswer, TelemetryStore } from '../telemetry-store.ts'
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

/** Rows a statement: seven parameters each, below the limit of both databases. */
const EVENTS_AT_ONCE = 1000

export function createSqlTelemetryStore(db: Kysely<Tables>): TelemetryStore {
  return {
    takeBatches: async (ids, atMs) => {
      if (ids.length === 0) return []
      const taken = await db
        .insertInto('telemetry_batches')
        .values(ids.map((id) => ({ id, at_ms: atMs })))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute()
      return taken.map(({ id }) => id)
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
    ask: async ({ appid, fromMs, toMs, byDay = false }) => {
      // Shanghai is eight hours ahead, always.
      const startOfDay = sql`(start_ms + 28800000) / 86400000 * 86400000 - 28800000`
      const day = byDay ? sql`${startOfDay} as "startMs",` : sql``
      const { rows } = await sql<TelemetryAnswer>`
        select ${day} event, cast(sum(entries) as bigint) as entries,
          cast(sum(duration_ms) as bigint) as "durationMs"
        from telemetry_sums where start_ms >= ${fromMs} and start_ms < ${toMs}
        ${appid === undefined ? sql`` : sql`and appid = ${appid}`}
        group by event ${byDay ? sql`, ${startOfDay}` : sql``}`.execute(db)
      return rows
    },
    keep: async (events) => {
      for (let from = 0; from < events.length; from += EVENTS_AT_ONCE) {
        const some = events.slice(from, from + EVENTS_AT_ONCE)
        await db
          .insertInto('telemetry_events')
          .values(some.map((event) => toRow(event)))
          .execute()
      }
    },
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
