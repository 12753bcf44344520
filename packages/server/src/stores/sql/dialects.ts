import { type Kysely, PostgresAdapter, type SelectQueryBuilder, sql } from 'kysely'
import type { SqlDialect } from './migrations/table-sql.ts'

/** Where the two databases differ; everything else is one set of queries. */

// biome-ignore lint/suspicious/noExplicitAny: of any tables
export function dialectOf(db: Kysely<any>): SqlDialect {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/**
 * Locks the selected rows until the end of the transaction: `.$call(forUpdate(db))`. Select several rows in the order
 * of their ids. On SQLite a transaction has the whole database, so there is nothing to lock.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any tables
export function forUpdate(db: Kysely<any>) {
  const isPostgres = dialectOf(db) === 'postgres'
  return <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O> =>
    isPostgres ? query.forUpdate() : query
}

/** The same, passing over rows that somebody else has locked. */
// biome-ignore lint/suspicious/noExplicitAny: of any tables
export function forUpdateSkipLocked(db: Kysely<any>) {
  const isPostgres = dialectOf(db) === 'postgres'
  return <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O> =>
    isPostgres ? query.forUpdate().skipLocked() : query
}

/**
 * Lets others read the selected rows and keeps them as they are until the end of the transaction:
 * `.$call(forShare(db))`.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any tables
export function forShare(db: Kysely<any>) {
  const isPostgres = dialectOf(db) === 'postgres'
  return <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O> =>
    isPostgres ? query.forShare() : query
}

/**
 * The time now, in milliseconds, by the clock that all processes share: the database's on PostgreSQL, the machine's on
 * SQLite, where there is but one machine.
 *
 * @param nowMs - The time of this process.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any tables
export function sharedNow(db: Kysely<any>, nowMs: number) {
  return dialectOf(db) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`${nowMs}`
}
