import type { NewId } from '../kernel/ids.ts'
import type { Actor, AuditEntry, Audited } from './audit-store.ts'

/** A line of the audit, for `stores.audit.add` in the transaction of what it tells. */
export function auditEntry(
  actor: Actor,
  { action, target, reason, details }: Audited,
  { newId, nowMs }: { newId: NewId; nowMs: number },
): AuditEntry {
  return {
    id: newId(nowMs),
    atMs: nowMs,
    ...actor,
    action,
    targetKind: target?.kind ?? null,
    targetId: target?.id ?? null,
    reason: reason ?? null,
    details: details ?? null,
  }
}
