import type { Kysely } from 'kysely'
import { forceWaitMs, type TokenEventStore } from '../token-event-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const eventColumns = selectionOf('id', 'appid', 'atMs', 'kind', 'expiresInS', 'errcode', 'rid', 'actor')

export function createSqlTokenEventStore(db: Kysely<Tables>): TokenEventStore {
  const add: TokenEventStore['add'] = async (event) => {
    await db.insertInto('token_events').values(toRow(event)).execute()
  }
  const list: TokenEventStore['list'] = (appid, { limit, kind }) =>
    db
      .selectFrom('token_events')
      .select(eventColumns)
      .where('appid', '=', appid)
      .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'forced'))
      .orderBy('at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  return {
    add,
    list,
    takeForce: async (event, rule) => {
      // Whoever comes at the same time waits at this row until the transaction of the first has ended.
      const name = `token-force:${event.appid}`
      await db
        .insertInto('counters')
        .values({ name, value: 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: 1 }))
        .execute()
      const earlier = await list(event.appid, { limit: rule.max, kind: 'forced' })
      const waitMs = forceWaitMs(
        earlier.map(({ atMs }) => atMs),
        rule,
        event.atMs,
      )
      if (waitMs === 0) await add(event)
      return waitMs
    },
  }
}
