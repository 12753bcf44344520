import { createBlindIndex } from '../crypto/blind-index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { NumberReader, NumberReading } from '../numbers/reader.ts'
import type { PhoneVault, StoredPhone } from '../numbers/vault.ts'
import type { AuditEntry } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Identity } from '../stores/member-store.ts'
import { recordEvents, sessionEnded } from './events.ts'
import { isPhone } from './merging.ts'

/** Everything that is stored about one person, to be handed to them. Times are ISO 8601, UTC. */
export interface MemberExport {
  exportedAt: string
  member: { id: string; state: string; createdAt: string; changedAt: string }
  /** Members that became part of this one. */
  formerIds: string[]
  identities: { provider: string; scope: string; subject: string; since: string }[]
  /** The number now, in full; `null` when there is none or it cannot be opened. */
  number: string | null
  /** Every number there was, with the consent it came with. */
  numbers: {
    number: string | null
    component: string
    appid: string | null
    guideline: string | null
    boundAt: string
    verifiedAt: string
    unboundAt: string | null
  }[]
  sessions: {
    id: string
    appid: string
    way: string
    deviceName: string | null
    platform: string | null
    createdAt: string
    seenAt: string
    endedAt: string | null
  }[]
  /** Codes by SMS that were asked for one of the numbers, in the last days. */
  smsCodes: { appid: string; state: string; ip: string | null; askedAt: string; usedAt: string | null }[]
  events: { type: string; at: string; data: unknown }[]
}

export interface PrivacyActor {
  kind: AuditEntry['actorKind']
  id: string
  reason?: string
  ip?: string | null
  requestId?: string | null
}

export interface Privacy {
  /**
   * What is stored about a member, with the full numbers; the reading is audited.
   *
   * @throws {HaomaError} `MEMBER_NOT_FOUND`, `REASON_REQUIRED`.
   */
  exportMember(reading: NumberReading): Promise<MemberExport>
  /**
   * Erases a member, and those who became part of it, for good: sessions end; identities, numbers and consents are removed;
   * ledger and journal keep their sums without the person. What is left is the id, the fact, and keyed digests that let
   * a restored backup be erased again. The same WeChat user is somebody new afterwards.
   *
   * @throws {HaomaError} `MEMBER_NOT_FOUND`.
   */
  eraseMember(memberId: string, actor: PrivacyActor): Promise<void>
}

export interface PrivacyParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  numbers: NumberReader
  clock: Clock
  newId: NewId
}

const isoOf = (ms: number) => new Date(ms).toISOString()
const isoOrNull = (ms: number | null) => (ms === null ? null : isoOf(ms))

export function createPrivacy({ db, keyRing, vault, numbers, clock, newId }: PrivacyParts): Privacy {
  const digest = createBlindIndex(keyRing, 'erased-identity')

  /** The member and everybody who became part of it, however long ago. */
  const formerIdsOf = async (stores: Stores, memberId: string): Promise<string[]> => {
    const merges = await stores.merges.listOf(memberId)
    const direct = merges
      .filter(({ intoMember, undoneAtMs }) => intoMember === memberId && undoneAtMs === null)
      .map(({ fromMember }) => fromMember)
    const further = await allOf(direct.map((id) => formerIdsOf(stores, id)))
    return [...direct, ...further.flat()]
  }

  const eraseOne = async (stores: Stores, memberId: string, nowMs: number) => {
    const identities = await stores.members.identitiesOf(memberId)
    const history = await stores.phoneBindings.listOf(memberId)
    const ended = await stores.sessions.endAll(memberId, { reason: 'erased', nowMs })
    for (const identity of identities) await stores.members.removeIdentity(identity, memberId)
    await stores.phoneBindings.removeOf(memberId)
    await stores.merges.removeTicketsOf(memberId)
    await stores.sessions.scrub(memberId)
    await stores.erasures.scrub(memberId, {
      openids: identities
        .filter(({ provider }) => provider === 'wechat-openid')
        .map(({ subject }) => subject),
      subjects: subjectsOf([...identities.filter(isPhone), ...history]),
    })
    await stores.members.setState(memberId, { state: 'erased', nowMs })
    await stores.erasures.add({
      id: newId(nowMs),
      memberId,
      subjects: JSON.stringify(identities.map((identity) => digest.all(...wordsOf(identity))[0])),
      erasedAtMs: nowMs,
    })
    const events = [
      ...ended.map((session) => sessionEnded(session, 'erased')),
      { type: 'member.erased' as const, memberId, appid: null },
    ]
    await recordEvents(stores, events, { newId, nowMs })
  }

  /** Indexes of numbers under every key: rows elsewhere may still be written with one of before. */
  const subjectsOf = (numbers: readonly StoredPhone[]): string[] => {
    const all = numbers.flatMap((number) => {
      const e164 = vault.read(number)
      return [number.subject, ...(e164 === null ? [] : vault.subjectsOf(e164))]
    })
    return [...new Set(all)]
  }

  const wordsOf = (identity: Identity) => {
    const e164 = isPhone(identity) ? vault.read(identity) : null
    return [identity.provider, identity.scope, e164 ?? identity.subject]
  }

  return {
    exportMember: async (reading) => {
      const { memberId } = reading
      const member = await db.members.find(memberId)
      if (!member) throw new HaomaError('MEMBER_NOT_FOUND')
      const phone = await db.members.findPhone(memberId)
      const number = await numbers.read(phone ?? { subject: '', sealed: null }, reading)
      const [identities, bindings, sessions, events, formerIds] = await allOf([
        db.members.identitiesOf(memberId),
        db.phoneBindings.listOf(memberId),
        db.sessions.listOf(memberId),
        db.events.listOf(memberId),
        formerIdsOf(db, memberId),
      ])
      const subjects = subjectsOf([...identities.filter(isPhone), ...bindings])
      const asked = subjects.length === 0 ? [] : await db.sms.listOf(subjects)
      return {
        exportedAt: isoOf(clock.now()),
        member: {
          id: member.id,
          state: member.state,
          createdAt: isoOf(member.createdAtMs),
          changedAt: isoOf(member.changedAtMs),
        },
        formerIds,
        identities: identities
          .filter((identity) => !isPhone(identity))
          .map(({ provider, scope, subject, createdAtMs }) => ({
            provider,
            scope,
            subject,
            since: isoOf(createdAtMs),
          })),
        number,
        numbers: bindings.map((binding) => ({
          number: vault.read(binding),
          component: binding.verifiedBy,
          appid: binding.appid,
          guideline: binding.guideline,
          boundAt: isoOf(binding.boundAtMs),
          verifiedAt: isoOf(binding.verifiedAtMs),
          unboundAt: isoOrNull(binding.unboundAtMs),
        })),
        sessions: sessions.map((session) => ({
          id: session.id,
          appid: session.appid,
          way: session.way,
          deviceName: session.deviceName,
          platform: session.platform,
          createdAt: isoOf(session.createdAtMs),
          seenAt: isoOf(session.seenAtMs),
          endedAt: isoOrNull(session.endedAtMs),
        })),
        smsCodes: asked.map((request) => ({
          appid: request.appid,
          state: request.state,
          ip: request.ip,
          askedAt: isoOf(request.createdAtMs),
          usedAt: isoOrNull(request.usedAtMs),
        })),
        events: events.map(({ type, createdAtMs, data }) => ({
          type,
          at: isoOf(createdAtMs),
          data,
        })),
      }
    },

    eraseMember: (memberId, actor) =>
      db.transaction(async (stores) => {
        const ids = [memberId, ...(await formerIdsOf(stores, memberId))]
        const members = await stores.members.lock(ids)
        const member = members.find(({ id }) => id === memberId)
        if (!member || member.state === 'erased' || member.state === 'merged') {
          throw new HaomaError('MEMBER_NOT_FOUND')
        }
        const nowMs = clock.now()
        for (const id of ids) await eraseOne(stores, id, nowMs)
        const entry: AuditEntry = {
          id: newId(nowMs),
          atMs: nowMs,
          actorKind: actor.kind,
          actorId: actor.id,
          action: 'member.erase',
          targetKind: 'member',
          targetId: memberId,
          reason: actor.reason ?? null,
          details: null,
          ip: actor.ip ?? null,
          requestId: actor.requestId ?? null,
        }
        await stores.audit.add([entry])
      }),
  }
}
