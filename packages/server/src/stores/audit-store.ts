/** Who did or saw what, when and why. Never holds a number or a secret. */
export interface AuditEntry {
  id: string
  atMs: number
  actorKind: 'admin' | 'api-key' | 'client' | 'cli' | 'system'
  actorId: string
  /** `<subject>.<verb>`, such as `number.read` and `client.create`. */
  action: string
  targetKind: string | null
  targetId: string | null
  reason: string | null
  details: Record<string, unknown> | null
  ip: string | null
  requestId: string | null
}

/** Who acts, and by which request: how every line of the audit begins. */
export type Actor = Pick<AuditEntry, 'actorKind' | 'actorId' | 'ip' | 'requestId'>

/** What was done; what is not named is not known. */
export interface Audited {
  action: string
  target?: { kind: string; id: string } | undefined
  reason?: string | undefined
  details?: Record<string, unknown> | undefined
}

/** Which lines somebody looks for; what is not named is any. */
export interface AuditFilter {
  actorId?: string | undefined
  /** A whole action, or `member.` for all that begin so. */
  action?: string | undefined
  targetKind?: string | undefined
  targetId?: string | undefined
  fromMs?: number | undefined
  /** Not itself. */
  toMs?: number | undefined
}

/** A place in the order of the audit. */
export type AuditPlace = Pick<AuditEntry, 'id' | 'atMs'>

export interface AuditStore {
  add(entries: readonly AuditEntry[]): Promise<void>
  /** The newest entries first. */
  list(limit: number): Promise<AuditEntry[]>
  /** Those that a filter lets through, newest first, after a place in that order. */
  page(filter: AuditFilter, page: { after: AuditPlace | undefined; limit: number }): Promise<AuditEntry[]>
}
