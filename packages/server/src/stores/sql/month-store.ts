import { type Kysely, sql } from 'kysely'
import type { Month, MonthStore } from '../month-store.ts'
import { type MonthTable, monthTables } from '../month-store.ts'
import { dialectOf } from './dialects.ts'
import type { Tables } from './tables.ts'

/**
 * On PostgreSQL a month is a partition, `logins_2026_11`, and what is in no month is in the default partition,
 * `logins_other`. On SQLite a table is one table.
 */
export function createSqlMonthStore(db: Kysely<Tables>): MonthStore {
  const hasMonths = dialectOf(db) === 'postgres'

  /** Nobody is to queue up behind us while we wait for a table. */
  const briefly = <T>(work: (trx: Kysely<Tables>) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '2s'`.execute(trx)
      return work(trx)
    })

  const listMonths = async (on: Kysely<Tables>, table: MonthTable): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`
      select child.relname as name from pg_inherits
      join pg_class child on child.oid = inhrelid
      where inhparent = ${table}::regclass order by child.relname`.execute(on)
    return rows.flatMap(({ name }) => monthOf(table, name) ?? [])
  }

  return {
    makeRoom: async (table, month) => {
      if (!hasMonths || (await listMonths(db, table)).includes(month.name)) return
      const [parent, column] = [sql.table(table), sql.ref(monthTables[table])]
      const [other, partition] = [sql.table(`${table}_other`), sql.table(partitionOf(table, month))]
      await briefly(async (trx) => {
        // The whole table, so that nobody who waits has chosen the default partition for a row already.
        await sql`lock table ${parent} in access exclusive mode`.execute(trx)
        if ((await listMonths(trx, table)).includes(month.name)) return
        // Rows of this month that came before it was made are in the way of the new partition.
        await sql`create table ${partition} (like ${parent} including all)`.execute(trx)
        await sql`with early as (
          delete from ${other} where ${column} >= ${month.fromMs} and ${column} < ${month.toMs} returning *
        ) insert into ${partition} select * from early`.execute(trx)
        const bounds = sql.raw(`from (${Number(month.fromMs)}) to (${Number(month.toMs)})`)
        await sql`alter table ${parent} attach partition ${partition} for values ${bounds}`.execute(trx)
      })
    },

    dropMonthsBefore: async (table, beforeMs) => {
      if (!hasMonths) return []
      const dropped: string[] = []
      for (const name of await listMonths(db, table)) {
        if (endOf(name) > beforeMs) continue
        const partition = sql.table(partitionOf(table, { name }))
        await briefly((trx) => sql`drop table ${partition}`.execute(trx))
        dropped.push(name)
      }
      return dropped
    },

    removeBefore: async (table, beforeMs, limit) => {
      const [rows, column] = [sql.table(hasMonths ? `${table}_other` : table), sql.ref(monthTables[table])]
      const { numAffectedRows } = await sql`delete from ${rows} where (id, ${column}) in (
        select id, ${column} from ${rows} where ${column} < ${beforeMs} order by ${column} limit ${limit}
      )`.execute(db)
      return Number(numAffectedRows ?? 0n)
    },
  }
}

const partitionOf = (table: MonthTable, { name }: Pick<Month, 'name'>) => `${table}_${name.replace('-', '_')}`

function monthOf(table: MonthTable, partition: string): string | undefined {
  const [, year, month] = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(partition) ?? []
  return year && month && `${year}-${month}`
}

/** When a month ends in Shanghai. */
function endOf(name: string): number {
  const [year = 0, month = 0] = name.split('-').map(Number)
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
  return Date.parse(`${next}-01T00:00:00+08:00`)
}
