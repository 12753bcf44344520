import type { MemberDetail, MemberEntry } from '@haoma/protocol/admin'
import { HaomaError } from '../kernel/errors.ts'
import { isPhone } from '../members/merging.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import type { MemberPlace, MemberSearch } from '../stores/member-search-store.ts'
import type { MemberState } from '../stores/member-store.ts'

/** By what somebody looks for members. */
export interface MemberQuery {
  id?: string | undefined
  openid?: string | undefined
  unionid?: string | undefined
  /** As it is shown, such as `138****8000`. */
  masked?: string | undefined
  e164?: string | undefined
  state?: MemberState | undefined
}

/** Members as administrators see them: every number masked. */
export interface MemberLook {
  /** Newest first. @throws {HaomaError} `BAD_REQUEST` when more than one identity is named. */
  search(
    query: MemberQuery,
    page: { after: MemberPlace | undefined; limit: number },
  ): Promise<{ members: MemberEntry[]; next: MemberPlace | undefined }>
  /** Everything about one, but the number. @throws {HaomaError} `MEMBER_NOT_FOUND` */
  get(id: string): Promise<MemberDetail>
}

export interface MemberLookParts {
  db: Database
  vault: PhoneVault
}

/** A page shows so many sessions and events of one member, the newest. */
const SHOWN = 200

const iso = (ms: number) => new Date(ms).toISOString()
const isoOrNull = (ms: number | null | undefined) => (ms == null ? null : iso(ms))

export function createMemberLook({ db, vault }: MemberLookParts): MemberLook {
  const searchOf = ({ id, openid, unionid, masked, e164, state }: MemberQuery): MemberSearch => {
    const identities = [
      openid === undefined ? [] : { provider: 'wechat-openid' as const, subjects: [openid] },
      unionid === undefined ? [] : { provider: 'wechat-unionid' as const, subjects: [unionid] },
      e164 === undefined ? [] : { provider: 'phone' as const, subjects: vault.subjectsOf(e164) },
    ].flat()
    if (identities.length > 1) {
      const message = 'openid、unionid、e164 只能给出一个 / give only one of openid, unionid and e164'
      throw new HaomaError('BAD_REQUEST', { issues: [{ path: '', message }] })
    }
    return {
      id,
      state,
      identity: identities[0],
      maskedSubjects: masked === undefined ? undefined : vault.maskedSubjectsOf(masked),
    }
  }

  return {
    search: async (query, { after, limit }) => {
      const found = await db.memberSearch.find(searchOf(query), { after, limit: limit + 1 })
      const page = found.slice(0, limit)
      const ids = page.map(({ id }) => id)
      const [known, seenAt] = await Promise.all([db.memberFeed.list(ids), db.memberSearch.seenAt(ids)])
      const members = page.map((member): MemberEntry => {
        const identities = known.find((one) => one.member.id === member.id)?.identities ?? []
        const phone = identities.find(isPhone)
        return {
          id: member.id,
          state: member.state,
          masked: phone === undefined ? null : vault.readMasked(phone),
          openids: identities.filter(({ provider }) => provider === 'wechat-openid').length,
          createdAt: iso(member.createdAtMs),
          changedAt: iso(member.changedAtMs),
          seenAt: isoOrNull(seenAt.get(member.id)),
        }
      })
      return { members, next: found.length > limit ? page.at(-1) : undefined }
    },

    get: async (id) => {
      const [member, identities, bindings, sessions, merges, events] = await Promise.all([
        db.members.find(id),
        db.members.identitiesOf(id),
        db.phoneBindings.listOf(id),
        db.sessions.listOf(id),
        db.merges.listOf(id),
        db.events.listOf(id),
      ])
      if (!member) throw new HaomaError('MEMBER_NOT_FOUND')
      const phone = identities.find(isPhone)
      return {
        id,
        state: member.state,
        mergedInto: member.mergedInto,
        createdAt: iso(member.createdAtMs),
        changedAt: iso(member.changedAtMs),
        phone:
          phone === undefined
            ? null
            : {
                masked: vault.readMasked(phone),
                country: phone.country,
                verifiedBy: phone.verifiedBy,
                verifiedAt: iso(phone.verifiedAtMs),
              },
        identities: identities.flatMap(({ provider, scope, subject, createdAtMs }) =>
          provider === 'phone' ? [] : [{ provider, scope, subject, createdAt: iso(createdAtMs) }],
        ),
        bindings: bindings.toReversed().map((binding) => ({
          masked: vault.readMasked(binding),
          verifiedBy: binding.verifiedBy,
          appid: binding.appid,
          guideline: binding.guideline,
          boundAt: iso(binding.boundAtMs),
          verifiedAt: iso(binding.verifiedAtMs),
          unboundAt: isoOrNull(binding.unboundAtMs),
          unboundReason: binding.unboundReason,
        })),
        sessions: sessions.slice(0, SHOWN).map((session) => ({
          id: session.id,
          appid: session.appid,
          way: session.way,
          deviceName: session.deviceName,
          platform: session.platform,
          createdAt: iso(session.createdAtMs),
          seenAt: iso(session.seenAtMs),
          expiresAt: iso(session.expiresAtMs),
          endedAt: isoOrNull(session.endedAtMs),
          endReason: session.endReason,
        })),
        merges: merges.map((merge) => ({
          id: merge.id,
          fromMember: merge.fromMember,
          intoMember: merge.intoMember,
          reason: merge.reason,
          actor: merge.actor,
          mergedAt: iso(merge.mergedAtMs),
          undoUntil: iso(merge.undoUntilMs),
          undoneAt: isoOrNull(merge.undoneAtMs),
        })),
        events: events
          .toReversed()
          .slice(0, SHOWN)
          .map((event) => ({
            id: event.id,
            type: event.type,
            seq: event.memberSeq,
            at: iso(event.createdAtMs),
          })),
      }
    },
  }
}
