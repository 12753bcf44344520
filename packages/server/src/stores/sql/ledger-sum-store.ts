import { type Kysely, type RawBuilder, sql } from 'kysely'
import { DAY_MS, dayStart, HOUR_MS, hourStart } from '../../kernel/calendar.ts'
import type { LedgerSum, LedgerSumStore, SumAnswer, SumDimension } from '../ledger-sum-store.ts'
import { lockCounter } from './counters.ts'
import { toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const COUNTER = 'ledger-booking'
const key = ['period', 'start_ms', 'appid', 'component', 'surface', 'state', 'cause'] as const
const columns: Record<SumDimension, string> = {
  startMs: 'start_ms',
  appid: 'appid',
  component: 'component',
  surface: 'surface',
  state: 'state',
  cause: 'cause',
}
/** Rows a statement: eleven parameters each, below the limit of both databases. */
const AT_ONCE = 500

export function createSqlLedgerSumStore(db: Kysely<Tables>): LedgerSumStore {
  const sumUp = (period: LedgerSum['period'], startMs: RawBuilder<unknown>, from: RawBuilder<unknown>) => sql`
    insert into ledger_sums (period, start_ms, appid, component, surface, state, cause,
      entries, billed_entries, list_li, charge_li)
    select ${sql.raw(`'${period}'`)}, ${startMs}, appid, component, surface, state, cause, ${from}
    group by 2, appid, component, surface, state, cause`

  return {
    lock: async () => {
      await lockCounter(db, COUNTER)
    },

    add: async (sums) => {
      for (let from = 0; from < sums.length; from += AT_ONCE) {
        await db
          .insertInto('ledger_sums')
          .values(sums.slice(from, from + AT_ONCE).map((sum) => toRow(sum)))
          .onConflict((conflict) =>
            conflict.columns([...key]).doUpdateSet({
              entries: sql<number>`ledger_sums.entries + excluded.entries`,
              billed_entries: sql<number>`ledger_sums.billed_entries + excluded.billed_entries`,
              list_li: sql<number>`ledger_sums.list_li + excluded.list_li`,
              charge_li: sql<number>`ledger_sums.charge_li + excluded.charge_li`,
            }),
          )
          .execute()
      }
      const starts = [...new Set(sums.filter(({ entries }) => entries < 0).map(({ startMs }) => startMs))]
      if (starts.length === 0) return
      await db.deleteFrom('ledger_sums').where('start_ms', 'in', starts).where('entries', '=', 0).execute()
    },

    rebuildDay: async (dayStartMs) => {
      const endMs = dayStartMs + DAY_MS
      await db
        .deleteFrom('ledger_sums')
        .where('start_ms', '>=', dayStartMs)
        .where('start_ms', '<', endMs)
        .execute()
      const hour = sql.raw(`seen_at_ms - seen_at_ms % ${HOUR_MS}`)
      await sumUp(
        'hour',
        hour,
        sql`count(*), sum(case when is_billed = 1 then 1 else 0 end), sum(list_li), sum(charge_li) from ledger
          where seen_at_ms >= ${dayStartMs} and seen_at_ms < ${endMs} and booked_at_ms is not null`,
      ).execute(db)
      await sumUp(
        'day',
        sql.raw(String(dayStartMs)),
        sql`sum(entries), sum(billed_entries), sum(list_li), sum(charge_li) from ledger_sums
          where period = 'hour' and start_ms >= ${dayStartMs} and start_ms < ${endMs}`,
      ).execute(db)
    },

    ask: async ({ period, fromMs, toMs, appid, component, by }) => {
      const names = by.map((dimension) => columns[dimension])
      const dimensions = by.map((dimension) => sql`${sql.ref(columns[dimension])} as ${sql.ref(dimension)}`)
      const grouped =
        names.length === 0 ? sql`` : sql`group by ${sql.join(names.map((name) => sql.ref(name)))}`
      const ordered =
        names.length === 0 ? sql`` : sql`order by ${sql.join(names.map((name) => sql.ref(name)))}`
      const { rows } = await sql<SumAnswer>`
        select ${sql.join([...dimensions, ...measures])} from ledger_sums
        where period = ${period} and start_ms >= ${fromMs} and start_ms < ${toMs}
        ${appid === undefined ? sql`` : sql`and appid = ${appid}`}
        ${component === undefined ? sql`` : sql`and component = ${component}`}
        ${grouped} ${ordered}`.execute(db)
      return rows
    },

    countBilled: async ({ appid, component, toMs }) => {
      const [day, hour] = [dayStart(toMs), hourStart(toMs)]
      const whose = sql`appid = ${appid} and component = ${component}`
      const { rows } = await sql<{ entries: number }>`select cast(
        (select coalesce(sum(billed_entries), 0) from ledger_sums
          where period = 'day' and start_ms < ${day} and ${whose})
        + (select coalesce(sum(billed_entries), 0) from ledger_sums
          where period = 'hour' and start_ms >= ${day} and start_ms < ${hour} and ${whose})
        + (select count(*) from ledger
          where booked_at_ms is null and seen_at_ms < ${hour} and is_billed = 1 and ${whose})
        + (select count(*) from ledger
          where seen_at_ms >= ${hour} and seen_at_ms <= ${toMs} and is_billed = 1 and ${whose})
        as bigint) as entries`.execute(db)
      return rows[0]?.entries ?? 0
    },
  }
}

/** As whole numbers: PostgreSQL adds up to a decimal otherwise. */
const measures = [
  ['entries', 'entries'],
  ['billed_entries', 'billedEntries'],
  ['list_li', 'listLi'],
  ['charge_li', 'chargeLi'],
].map(
  ([column, name]) =>
    sql`cast(coalesce(sum(${sql.ref(column as string)}), 0) as bigint) as ${sql.ref(name as string)}`,
)
