import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { AuditEntry, AuditFilter, AuditStore } from '../audit-store.ts'
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
      return rows.map(toEntry)
    },
    page: async (filter, { after, limit }) => {
      const rows = await db
        .selectFrom('audit')
        .select(auditColumns)
        .where((eb) => eb.and(conditionsOf(eb, filter)))
        .$if(after !== undefined, (query) =>
          query.where((eb) =>
            eb(eb.refTuple('at_ms', 'id'), '<', eb.tuple(after?.atMs ?? 0, after?.id ?? '')),
          ),
        )
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toEntry)
    },
  }
}

function toEntry({ details, ...row }: AuditRecord): AuditEntry {
  return { ...row, details: details === null ? null : JSON.parse(details) }
}

function conditionsOf(eb: ExpressionBuilder<Tables, 'audit'>, filter: AuditFilter) {
  const { actorId, action, targetKind, targetId, fromMs, toMs } = filter
  const prefix = action?.endsWith('.') ? `${action.replace(/[\\%_]/g, '\\$&')}%` : undefined
  return [
    actorId !== undefined && eb('actor_id', '=', actorId),
    prefix !== undefined && sql<boolean>`action like ${prefix} escape '\\'`,
    prefix === undefined && action !== undefined && eb('action', '=', action),
    targetKind !== undefined && eb('target_kind', '=', targetKind),
    targetId !== undefined && eb('target_id', '=', targetId),
    fromMs !== undefined && eb('at_ms', '>=', fromMs),
    toMs !== undefined && eb('at_ms', '<', toMs),
  ].filter((condition) => condition !== false)
}
