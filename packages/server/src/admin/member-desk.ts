import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import { recordEvents, sessionEnded } from '../members/events.ts'
import type { MemberExport } from '../members/export.ts'
import type { Privacy } from '../members/privacy.ts'
import type { MemberService } from '../members/service.ts'
import { type ParsedNumber, parseNumber } from '../numbers/e164.ts'
import type { NumberReader } from '../numbers/reader.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor, Audited } from '../stores/audit-store.ts'
import type { Alongside, Database, Stores } from '../stores/database.ts'
import type { Member } from '../stores/member-store.ts'

/** Who does something to a member, and why. */
export interface Deed {
  actor: Actor
  reason: string
}

/** What operators do with one member. Everything is audited in the transaction that does it, or before it is shown. */
export interface MemberDesk {
  /** Takes the number from the member. @throws {HaomaError} `MEMBER_NOT_FOUND` */
  unbind(memberId: string, deed: Deed): Promise<void>
  /** @throws {HaomaError} `MEMBER_NOT_FOUND` */
  ban(memberId: string, deed: Deed): Promise<void>
  /** @throws {HaomaError} `MEMBER_NOT_FOUND` */
  unban(memberId: string, deed: Deed): Promise<void>
  /** Signs the member out: everywhere, or on one device. @throws {HaomaError} `MEMBER_NOT_FOUND`, `NOT_THERE` */
  endSessions(memberId: string, end: { actor: Actor; sessionId?: string }): Promise<void>
  /** The full number. @throws {HaomaError} `MEMBER_NOT_FOUND`, `NOT_THERE` without one, `NOT_POSSIBLE_NOW` */
  reveal(memberId: string, deed: Deed): Promise<ParsedNumber>
  /** Everything that is stored about the member, with full numbers. @throws {HaomaError} `MEMBER_NOT_FOUND` */
  export(memberId: string, deed: Deed): Promise<MemberExport>
  /** Erases the member for good. @throws {HaomaError} `MEMBER_NOT_FOUND` */
  erase(memberId: string, deed: Deed): Promise<void>
}

export interface MemberDeskParts {
  db: Database
  members: MemberService
  numbers: NumberReader
  privacy: Privacy
  clock: Clock
  newId: NewId
}

const unreadable = {
  zh: '号码无法解密：缺少写入它的主密钥，请检查 HAOMA_OLD_MASTER_KEYS。',
  en: 'The number does not open: the master key it was written with is missing. Check HAOMA_OLD_MASTER_KEYS.',
}

export function createMemberDesk({
  db,
  members,
  numbers,
  privacy,
  clock,
  newId,
}: MemberDeskParts): MemberDesk {
  const lineOf = (actor: Actor, memberId: string, audited: Omit<Audited, 'target'>) =>
    auditEntry(actor, { ...audited, target: { kind: 'member', id: memberId } }, { newId, nowMs: clock.now() })
  const audited =
    (action: string, memberId: string, { actor, reason }: Deed): Alongside =>
    (stores) =>
      stores.audit.add([lineOf(actor, memberId, { action, reason })])

  const known = async (stores: Pick<Stores, 'members'>, memberId: string): Promise<Member> => {
    const member = await stores.members.find(memberId)
    if (!member) throw new HaomaError('MEMBER_NOT_FOUND')
    return member
  }

  /** As the reader of numbers and privacy take an actor. */
  const personOf = ({ actorKind, actorId, ip, requestId }: Actor) => ({
    actor: { kind: actorKind, id: actorId },
    ip,
    requestId,
  })

  return {
    unbind: async (memberId, deed) => {
      await known(db, memberId)
      const alongside = audited('member.unbind', memberId, deed)
      await members.unbind(memberId, { appid: null, alongside })
    },
    ban: (memberId, deed) => members.ban(memberId, deed.actor.actorId, audited('member.ban', memberId, deed)),
    unban: (memberId, deed) =>
      members.unban(memberId, deed.actor.actorId, audited('member.unban', memberId, deed)),

    endSessions: (memberId, { actor, sessionId }) =>
      db.transaction(async (stores) => {
        const [member] = await stores.members.lock([memberId])
        if (!member) throw new HaomaError('MEMBER_NOT_FOUND')
        const end = { reason: 'ended-by-operator', nowMs: clock.now() } as const
        const ended = await endOf(stores, memberId, sessionId, end)
        await recordEvents(
          stores,
          ended.map((session) => sessionEnded(session, end.reason)),
          { newId, nowMs: end.nowMs },
        )
        const details = { sessions: ended.length, ...(sessionId !== undefined && { sessionId }) }
        await stores.audit.add([lineOf(actor, memberId, { action: 'member.end-sessions', details })])
      }),

    reveal: async (memberId, { actor, reason }) => {
      await known(db, memberId)
      const phone = await db.members.findPhone(memberId)
      if (!phone) throw new HaomaError('NOT_THERE')
      const e164 = await numbers.read(phone, { ...personOf(actor), memberId, reason })
      if (e164 === null) throw new HaomaError('NOT_POSSIBLE_NOW', { text: unreadable })
      return parseNumber(e164)
    },

    export: async (memberId, { actor, reason }) => {
      await known(db, memberId)
      await db.audit.add([lineOf(actor, memberId, { action: 'member.export', reason })])
      return privacy.exportMember({ ...personOf(actor), memberId, reason })
    },

    erase: (memberId, { actor: { actorKind, actorId, ip, requestId }, reason }) =>
      privacy.eraseMember(memberId, { kind: actorKind, id: actorId, reason, ip, requestId }),
  }
}

type End = { reason: 'ended-by-operator'; nowMs: number }

async function endOf(stores: Stores, memberId: string, sessionId: string | undefined, end: End) {
  if (sessionId === undefined) return stores.sessions.endAll(memberId, end)
  const session = await stores.sessions.find(sessionId)
  const ended = session?.memberId === memberId ? await stores.sessions.end(sessionId, end) : undefined
  if (!ended) throw new HaomaError('NOT_THERE')
  return [ended]
}
