import { type Kysely, type RawBuilder, sql } from 'kysely'
import { agingTables, type RetentionStore } from '../retention-store.ts'
import type { Tables } from './tables.ts'

/** How a row is named. */
const keys = {
  admin_links: 'digest',
  admin_sessions: 'digest',
  saved_filters: 'id',
  limits: 'key',
  merge_tickets: 'digest',
  phone_bindings: 'id',
  events: 'id',
  sms_requests: 'id',
  token_events: 'id',
} as const

/** What a row must be beside old. */
const and: Partial<Record<keyof typeof keys, RawBuilder<unknown>>> = {
  // Events that nobody has read yet have no place.
  events: sql`and position is not null`,
  saved_filters: sql`and name is null`,
}

export function createSqlRetentionStore(db: Kysely<Tables>): RetentionStore {
  return {
    removeBefore: async (table, beforeMs, limit) => {
      const [name, key, column] = [table, keys[table], agingTables[table]].map((word) => sql.raw(word))
      const old = and[table] ?? sql``
      const { numAffectedRows } = await sql`delete from ${name} where ${key} in (
        select ${key} from ${name} where ${column} < ${beforeMs} ${old} order by ${column} limit ${limit}
      )`.execute(db)
      return Number(numAffectedRows ?? 0n)
    },
  }
}
