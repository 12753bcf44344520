import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { AuditEntry, AuditStore } from '../stores/audit-store.ts'
import type { PhoneVault, StoredPhone } from './vault.ts'

/** Who wants to see a full number, and why. */
export interface NumberReading {
  actor: { kind: AuditEntry['actorKind']; id: string }
  memberId: string
  /** At most 200 characters, in the caller's words. */
  reason: string | undefined
  ip?: string | null
  requestId?: string | null
}

export interface NumberReader {
  /**
   * Writes into the audit who reads the number of whom and why, and only then opens it. `null` when it does not open.
   *
   * @throws {HaomaError} `REASON_REQUIRED`.
   */
  read(phone: StoredPhone, reading: NumberReading): Promise<string | null>
}

export interface NumberReaderParts {
  audit: AuditStore
  vault: PhoneVault
  clock: Clock
  newId: NewId
}

/** The one way by which a full number leaves the service. */
export function createNumberReader({ audit, vault, clock, newId }: NumberReaderParts): NumberReader {
  return {
    read: async (phone, { actor, memberId, reason, ip = null, requestId = null }) => {
      const why = reason?.trim()
      if (!why) throw new HaomaError('REASON_REQUIRED')
      const atMs = clock.now()
      await audit.add([
        {
          id: newId(atMs),
          atMs,
          actorKind: actor.kind,
          actorId: actor.id,
          action: 'number.read',
          targetKind: 'member',
          targetId: memberId,
          reason: why.slice(0, 200),
          details: null,
          ip,
          requestId,
        },
      ])
      return vault.read(phone)
    },
  }
}
