import { allOf } from '../kernel/all-of.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Stores } from '../stores/database.ts'
import type { EventType } from '../stores/event-store.ts'

/** Something that happened to a member. */
export interface MemberEvent {
  type: EventType
  memberId: string
  appid: string | null
  /** Never a number, nor what it could be told from. */
  data?: Record<string, string | number | boolean | null>
}

export interface EventMoment {
  newId: NewId
  nowMs: number
  /** How many events these members have already; asked of the store when it is not known. */
  seqBefore?: number
}

/**
 * Writes events down in the transaction that made them happen, numbered for each member without a gap. Events of several
 * members take their rows in the order of their ids, as every lock does.
 */
export async function recordEvents(
  stores: Stores,
  events: readonly MemberEvent[],
  { newId, nowMs, seqBefore }: EventMoment,
): Promise<void> {
  const memberIds = [...new Set(events.map(({ memberId }) => memberId))].sort()
  const recordOf = (memberId: string) => {
    const own = events
      .filter((event) => event.memberId === memberId)
      .map(({ type, appid, data = {} }) => ({
        id: newId(nowMs),
        type,
        appid,
        memberId,
        data,
        createdAtMs: nowMs,
      }))
    return stores.events.addOf(memberId, own, seqBefore)
  }
  await allOf(memberIds.map(recordOf))
}

/** The event of a session that ended. */
export function sessionEnded(
  { id, memberId, appid }: { id: string; memberId: string; appid: string },
  reason: string,
): MemberEvent {
  return { type: 'session.ended', memberId, appid, data: { sessionId: id, reason } }
}
