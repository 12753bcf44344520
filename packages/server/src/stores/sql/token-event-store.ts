import type { Kysely } from 'kysely'
import type { TokenEventStore } from '../token-event-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const eventColumns = selectionOf('id', 'appid', 'atMs', 'kind', 'expiresInS', 'errcode', 'rid', 'actor')

export function createSqlTokenEventStore(db: Kysely<Tables>): TokenEventStore {
  const add: TokenEventStore['add'] = async (event) => {
    await db.insertInto('token_events').values(toRow(event)).execute()
  }
  return {
    add,
    list: (appid, limit) =>
      db
        .selectFrom('token_events')
        .select(eventColumns)
        .where('appid', '=', appid)
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    takeForce: async (event, { max, windowMs, minIntervalMs }) => {
      // Whoever comes at the same time waits at this row until the transaction of the first has ended.
      const name = `token-force:${event.appid}`
      await db
        .insertInto('counters')
        .values({ name, value: 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: 1 }))
        .execute()
      const earlier = await db
        .selectFrom('token_events')
        .select('at_ms as atMs')
        .where('appid', '=', event.appid)
        .where('kind', '=', 'forced')
        .where('at_ms', '>', event.atMs - windowMs)
        .orderBy('at_ms', 'desc')
        .execute()
      const sinceLast = earlier[0] === undefined ? minIntervalMs : event.atMs - earlier[0].atMs
      const oldest = earlier[max - 1]
      const waitMs = Math.max(
        minIntervalMs - sinceLast,
        oldest === undefined ? 0 : oldest.atMs + windowMs - event.atMs,
        0,
      )
      if (waitMs === 0) await add(event)
      return waitMs
    },
  }
}
