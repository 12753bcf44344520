import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { AlertReadingStore, FailingToken, RecentOutcome, TapSum } from '../alert-reading-store.ts'
import { dialectOf, sharedNow } from './dialects.ts'
import type { Tables } from './tables.ts'

/** More tell no more about a clock. */
const MOST_REFUSALS = 50

export function createSqlAlertReadingStore(db: Kysely<Tables>): AlertReadingStore {
  const all = async <Row extends object>(query: RawBuilder<Row>): Promise<Row[]> =>
    (await query.execute(db)).rows
  return {
    recentOutcomes: async (sinceMs) => {
      const rows = await all(sql<RecentOutcome>`
        select appid as "appid", outcome as "outcome", count(*) as "entries",
          count(wechat_ms) as "askedWeChat", coalesce(sum(wechat_ms), 0) as "wechatMs"
        from logins where at_ms >= ${sinceMs} group by appid, outcome`)
      return rows.map((row) => numeric(row, 'entries', 'askedWeChat', 'wechatMs'))
    },
    spending: async (fromDayMs) => {
      const rows = await all(sql<Awaited<ReturnType<AlertReadingStore['spending']>>[number]>`
        select appid as "appid", component as "component", sum(entries) as "entries",
          sum(charge_li) as "chargeLi", sum(case when cause <> '' then charge_li else 0 end) as "wasteLi"
        from ledger_sums where period = 'day' and start_ms >= ${fromDayMs} group by appid, component`)
      return rows.map((row) => numeric(row, 'entries', 'chargeLi', 'wasteLi'))
    },
    failingTokens: async (sinceMs) => {
      const events = await db
        .selectFrom('token_events')
        .select(['appid', 'kind', 'at_ms', 'errcode'])
        .where('at_ms', '>=', sinceMs)
        .where('kind', 'in', ['failed', 'fetched'])
        .orderBy('at_ms')
        .execute()
      const failing = new Map<string, FailingToken>()
      for (const { appid, kind, at_ms, errcode } of events) {
        if (kind === 'fetched') failing.delete(appid)
        else failing.set(appid, { appid, sinceMs: failing.get(appid)?.sinceMs ?? at_ms, errcode })
      }
      return [...failing.values()]
    },
    taps: async (fromHourMs) => {
      const rows = await all(sql<TapSum>`
        select appid as "appid", component as "component", event as "event", sum(entries) as "entries"
        from telemetry_sums
        where start_ms >= ${fromHourMs} and (event = 'consented' or event like 'ended:%')
        group by appid, component, event`)
      return rows.map((row) => numeric(row, 'entries'))
    },
    refusals: async (sinceMs) => {
      const rows = await db
        .selectFrom('logins')
        .select(['at_ms', 'total_ms', 'rid'])
        .where(sql<boolean>`outcome <> 'ok'`)
        .where('at_ms', '>=', sinceMs)
        .where('rid', 'is not', null)
        .orderBy('at_ms', 'desc')
        .limit(MOST_REFUSALS)
        .execute()
      return rows.flatMap(({ at_ms, total_ms, rid }) =>
        rid === null ? [] : [{ atMs: at_ms, totalMs: total_ms, rid }],
      )
    },
    sharedNowMs: async () => {
      if (dialectOf(db) === 'sqlite') return null
      const [row] = await all(sql<{ now: number }>`select ${sharedNow(db, 0)} as now`)
      return row ? Number(row.now) : null
    },
  }
}

/** PostgreSQL gives sums as text, because they may be longer than a number. */
function numeric<Row extends object>(row: Row, ...names: (keyof Row & string)[]): Row {
  return { ...row, ...Object.fromEntries(names.map((name) => [name, Number(row[name])])) }
}
