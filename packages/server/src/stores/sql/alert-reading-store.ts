import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { AlertReadingStore, BalanceLeft, RecentOutcome } from '../alert-reading-store.ts'
import type { Tables } from './tables.ts'

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
    balances: async (sinceMs) => {
      const rows = await all(sql<BalanceLeft>`
        select appid as "appid", component as "component", at_ms as "atMs",
          wechat_total - wechat_used as "left"
        from balance_readings as reading
        where at_ms >= ${sinceMs} and wechat_total is not null and wechat_used is not null
          and not exists (select 1 from balance_readings as later
            where later.appid = reading.appid and later.component = reading.component
              and later.at_ms > reading.at_ms and later.wechat_total is not null)`)
      return rows.map((row) => numeric(row, 'atMs', 'left'))
    },
    spending: async (fromDayMs) => {
      const rows = await all(sql<Awaited<ReturnType<AlertReadingStore['spending']>>[number]>`
        select appid as "appid", component as "component", sum(entries) as "entries",
          sum(charge_li) as "chargeLi", sum(case when cause <> '' then charge_li else 0 end) as "wasteLi"
        from ledger_sums where period = 'day' and start_ms >= ${fromDayMs} group by appid, component`)
      return rows.map((row) => numeric(row, 'entries', 'chargeLi', 'wasteLi'))
    },
    tokenFailures: async (sinceMs) => {
      const rows = await all(sql<{
        appid: string
        failures: number
        last_failed: number
        last_good: number | null
        errcode: number | null
      }>`
        select appid,
          sum(case when kind = 'failed' then 1 else 0 end) as failures,
          max(case when kind = 'failed' then at_ms end) as last_failed,
          max(case when kind in ('fetched', 'forced') then at_ms end) as last_good,
          max(errcode) as errcode
        from token_events where at_ms >= ${sinceMs} group by appid`)
      return rows
        .map((row) => numeric(row, 'failures'))
        .filter(({ failures }) => failures > 0)
        .map(({ appid, failures, last_failed, last_good, errcode }) => ({
          appid,
          failures,
          hasRecovered: last_good !== null && Number(last_good) > Number(last_failed),
          errcode,
        }))
    },
  }
}

/** PostgreSQL gives sums as text, because they may be longer than a number. */
function numeric<Row extends object>(row: Row, ...names: (keyof Row & string)[]): Row {
  return { ...row, ...Object.fromEntries(names.map((name) => [name, Number(row[name])])) }
}
