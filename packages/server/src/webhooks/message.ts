import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import type { EventRecord } from '../stores/event-store.ts'

/** An event as it is told: one of the database's, or a test. */
export interface ToldEvent extends Omit<EventRecord, 'type' | 'position'> {
  type: string
}

/** A message as it is sent, and the number in it, if it is there in full. */
export interface Message {
  body: string
  e164: string | null
}

/** Events that tell the member's number as it is when they are sent: masked, or in full for those who asked for it. */
const withPhone = new Set(['member.created', 'phone.bound', 'phone.changed', 'member.merged'])

export interface MessageParts {
  db: Pick<Database, 'members' | 'audit'>
  vault: PhoneVault
  newId: NewId
}

/** Who gets the full number: the audit names it. */
export interface NumberReader {
  endpointId: string
  nowMs: number
}

export type WriteMessage = (event: ToldEvent, reader: NumberReader | undefined) => Promise<Message>

/**
 * Makes the message of an event. Numbers are not in events: they are opened now, and each that is told in full is
 * written into the audit before anything is sent.
 */
export function createWriteMessage({ db, vault, newId }: MessageParts): WriteMessage {
  const phoneOf = async ({ type, memberId }: ToldEvent) =>
    withPhone.has(type) && memberId !== null ? db.members.findPhone(memberId) : undefined

  return async (event, reader) => {
    const phone = await phoneOf(event)
    const e164 = phone && reader ? vault.read(phone) : null
    if (reader && e164 !== null) await db.audit.add([auditEntry(event, reader, newId)])
    const told = phone && {
      masked: vault.readMasked(phone),
      ...(e164 !== null && { e164 }),
      verifiedAt: new Date(phone.verifiedAtMs).toISOString(),
    }
    const { id, type, appid, memberId, memberSeq, createdAtMs } = event
    const timestamp = new Date(createdAtMs).toISOString()
    const data = { ...event.data, ...(withPhone.has(type) && { phone: told ?? null }) }
    return { body: JSON.stringify({ id, type, timestamp, appid, memberId, memberSeq, data }), e164 }
  }
}

function auditEntry({ id, type, memberId }: ToldEvent, { endpointId, nowMs }: NumberReader, newId: NewId) {
  return {
    id: newId(nowMs),
    atMs: nowMs,
    actorKind: 'system',
    actorId: `webhook:${endpointId}`,
    action: 'number.read',
    targetKind: 'member',
    targetId: memberId,
    reason: `webhook ${type}`,
    details: { eventId: id },
    ip: null,
    requestId: null,
  } as const
}
