import { type Kysely, sql } from 'kysely'

/** A table in SQL that SQLite and PostgreSQL both take: ids are text, points in time are whole milliseconds. */
export interface TableSql {
  name: string
  columns: string
  indexes?: readonly string[]
  /**
   * Column of milliseconds by which the table is partitioned into months on PostgreSQL, so that what is too old is
   * dropped whole. It is part of the primary key, as PostgreSQL asks. One plain table on SQLite.
   */
  monthsBy?: string
}

export type SqlDialect = 'sqlite' | 'postgres'

export async function createTable(db: Kysely<unknown>, table: TableSql, dialect: SqlDialect): Promise<void> {
  const isPartitioned = dialect === 'postgres' && table.monthsBy !== undefined
  const partitions = isPartitioned ? ` partition by range (${table.monthsBy})` : ''
  await sql.raw(`create table ${table.name} (${table.columns})${partitions}`).execute(db)
  // Rows of a month that no job has made room for yet land here; nothing is ever refused.
  if (isPartitioned) {
    await sql.raw(`create table ${table.name}_other partition of ${table.name} default`).execute(db)
  }
  for (const index of table.indexes ?? []) await sql.raw(index).execute(db)
}
