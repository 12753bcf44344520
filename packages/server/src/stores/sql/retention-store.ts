import { type Kysely, sql } from 'kysely'
import { agingTables, type RetentionStore } from '../retention-store.ts'
import type { Tables } from './tables.ts'

/** How a row is named. */
const keys = {
  merge_tickets: 'digest',
  phone_bindings: 'id',
  events: 'id',
  sms_requests: 'id',
  token_events: 'id',
} as const

export function createSqlRetentionStore(db: Kysely<Tables>): RetentionStore {
  return {
    removeBefore: async (table, beforeMs, limit) => {
      const [name, key, column] = [table, keys[table], agingTables[table]].map((word) => sql.raw(word))
      // Events that nobody has read yet have no place; they stay.
      const isRead = table === 'events' ? sql`and position is not null` : sql``
      const { numAffectedRows } = await sql`delete from ${name} where ${key} in (
        select ${key} from ${name} where ${column} < ${beforeMs} ${isRead} order by ${column} limit ${limit}
      )`.execute(db)
      return Number(numAffectedRows ?? 0n)
    },
  }
}
