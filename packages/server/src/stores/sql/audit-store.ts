import type { Kysely } from 'kysely'
import type { AuditEntry, AuditStore } from '../audit-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** An entry as its columns hold it: the details are JSON. */
export interface AuditRecord extends Omit<AuditEntry, 'details'> {
  details: string | null
}

const auditColumns = selectionOf(
  'id',
  'atMs',
  'actorKind',
  'actorId',
  'action',
  'targetKind',
  'targetId',
  'reason',
  'details',
  'ip',
  'requestId',
)

export function createSqlAuditStore(db: Kysely<Tables>): AuditStore {
  return {
    add: async (entries) => {
      if (entries.length === 0) return
      const rows = entries.map(({ details, ...entry }) =>
        toRow({ ...entry, details: details === null ? null : JSON.stringify(details) }),
      )
      await db.insertInto('audit').values(rows).execute()
    },
    list: async (limit) => {
      const rows = await db
        .selectFrom('audit')
        .select(auditColumns)
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...row, details: row.details === null ? null : JSON.parse(row.details) }))
    },
  }
}
