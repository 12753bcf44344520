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

export interface AuditStore {
  add(entries: readonly AuditEntry[]): Promise<void>
  /** The newest entries first. */
  list(limit: number): Promise<AuditEntry[]>
}
