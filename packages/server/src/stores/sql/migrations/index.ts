import type { Migration } from 'kysely'
import { createTables } from './0001-tables/index.ts'
import type { SqlDialect } from './table-sql.ts'

/**
 * Every migration in order. A released one is never edited; a change is a new one.
 * They are named here, not found on disk, so that a bundle holds them.
 */
export function migrationsFor(dialect: SqlDialect): Record<string, Migration> {
  return { '0001-tables': createTables(dialect) }
}
