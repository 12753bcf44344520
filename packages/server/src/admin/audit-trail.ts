import type { AuditEntry, AuditFilter, AuditPlace } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'

/** A line of the audit, with the name of who acted where there is one. */
export interface NamedAuditEntry extends AuditEntry {
  actorName: string | null
}

/** What was changed and revealed, by whom, and why. */
export interface AuditTrail {
  page(
    filter: AuditFilter,
    page: { after: AuditPlace | undefined; limit: number },
  ): Promise<{ entries: NamedAuditEntry[]; next: AuditPlace | undefined }>
  /** All of them, newest first, some at a time. */
  all(filter: AuditFilter): AsyncGenerator<NamedAuditEntry[]>
}

const AT_ONCE = 500

export function createAuditTrail(db: Pick<Database, 'admins' | 'apiKeys' | 'audit' | 'clients'>): AuditTrail {
  const names = async (): Promise<Map<string, string>> => {
    const [admins, apiKeys, clients] = await Promise.all([
      db.admins.list(),
      db.apiKeys.list(),
      db.clients.list(),
    ])
    return new Map([
      ...admins.map(({ id, username }) => [id, username] as const),
      ...[...apiKeys, ...clients].map(({ id, name }) => [id, name] as const),
    ])
  }
  const named = (entries: readonly AuditEntry[], known: ReadonlyMap<string, string>): NamedAuditEntry[] =>
    entries.map((entry) => ({ ...entry, actorName: known.get(entry.actorId) ?? null }))

  return {
    page: async (filter, { after, limit }) => {
      const [found, known] = await Promise.all([db.audit.page(filter, { after, limit: limit + 1 }), names()])
      const entries = named(found.slice(0, limit), known)
      return { entries, next: found.length > limit ? entries.at(-1) : undefined }
    },
    all: async function* (filter) {
      const known = await names()
      let after: AuditPlace | undefined
      while (true) {
        const found = await db.audit.page(filter, { after, limit: AT_ONCE })
        if (found.length > 0) yield named(found, known)
        if (found.length < AT_ONCE) return
        after = found.at(-1)
      }
    },
  }
}
