import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { createNumberReader, type NumberReading } from '../numbers/reader.ts'
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
  clock: Clock
  newId: NewId
}

/** @param numberFor - The endpoint that gets the full number, for the audit. */
export type WriteMessage = (event: ToldEvent, numberFor: string | undefined) => Promise<Message>

/**
 * Makes the message of an event. Numbers are not in events: they are opened now, and each that is told in full is
 * written into the audit before anything is sent.
 */
export function createWriteMessage({ db, vault, clock, newId }: MessageParts): WriteMessage {
  const numbers = createNumberReader({ audit: db.audit, vault, clock, newId })
  const phoneOf = async ({ type, memberId }: ToldEvent) =>
    withPhone.has(type) && memberId !== null ? db.members.findPhone(memberId) : undefined

  return async (event, numberFor) => {
    const phone = await phoneOf(event)
    const e164 =
      phone && numberFor !== undefined ? await numbers.read(phone, readingOf(phone, event, numberFor)) : null
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

function readingOf(
  { memberId }: { memberId: string },
  { id, type }: ToldEvent,
  endpointId: string,
): NumberReading {
  const actor = { kind: 'system', id: `webhook:${endpointId}` } as const
  return { actor, memberId, reason: `webhook ${type} ${id}` }
}
