import type { Text } from '@haoma/protocol'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import { isPhone, type Merging } from '../members/merging.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Member } from '../stores/member-store.ts'
import type { Merge } from '../stores/merge-store.ts'
import type { Deed } from './member-desk.ts'

/** Which member becomes part of which. */
export interface MergeOrder {
  fromMember: string
  intoMember: string
}

/** What a merge would do. */
export interface MergePreview {
  isPossible: boolean
  /** Why not. */
  problem: Text | null
  moves: { identities: number; phone: boolean; sessions: number }
  /** The number that the one who stays has afterwards. */
  stays: { masked: string | null }
}

/** Merges as operators make them: looked at first, audited, and taken back within seven days. */
export interface MemberMerges {
  preview(order: MergeOrder): Promise<MergePreview>
  /** @throws {HaomaError} `NOT_POSSIBLE_NOW` with the problem that the preview tells. */
  merge(order: MergeOrder, deed: Deed): Promise<Merge>
  /** @throws {HaomaError} `NOT_THERE`; `NOT_POSSIBLE_NOW` when it is too late, or was done. */
  undo(mergeId: string, deed: Deed): Promise<void>
}

export interface MemberMergesParts {
  db: Database
  merging: Merging
  vault: PhoneVault
  clock: Clock
  newId: NewId
}

const problems = {
  same: { zh: '两边是同一个会员。', en: 'Both are the same member.' },
  unknown: { zh: '没有其中一个会员。', en: 'One of the members does not exist.' },
  over: {
    zh: '只有正常状态的会员可以合并：被封禁、已合并或已删除的不行。',
    en: 'Only active members can be merged, not ones that are banned, merged or erased.',
  },
  late: {
    zh: '这次合并已撤销、已超过 7 天，或两个会员此后又变了，不能撤销。',
    en: 'This merge was undone, is older than seven days, or the members have changed since; it cannot be undone.',
  },
} as const satisfies Record<string, Text>

export function createMemberMerges({ db, merging, vault, clock, newId }: MemberMergesParts): MemberMerges {
  const line = (
    action: string,
    { actor, reason }: Deed,
    memberId: string,
    details: Record<string, unknown>,
  ) =>
    auditEntry(
      actor,
      { action, reason, target: { kind: 'member', id: memberId }, details },
      { newId, nowMs: clock.now() },
    )

  return {
    preview: async ({ fromMember, intoMember }) => {
      const members = await Promise.all([db.members.find(fromMember), db.members.find(intoMember)])
      const problem = problemOf(members, fromMember === intoMember)
      const [identities, otherPhone, sessions] = await Promise.all([
        db.members.identitiesOf(fromMember),
        db.members.findPhone(intoMember),
        db.sessions.listLiving(fromMember, clock.now()),
      ])
      const phone = identities.find(isPhone)
      const staying = otherPhone ?? phone
      return {
        isPossible: problem === null,
        problem,
        moves: {
          identities: identities.filter((identity) => !isPhone(identity)).length,
          phone: phone !== undefined && otherPhone === undefined,
          sessions: sessions.length,
        },
        stays: { masked: staying === undefined ? null : vault.readMasked(staying) },
      }
    },

    merge: ({ fromMember, intoMember }, deed) =>
      db.transaction(async (stores) => {
        const members = await locked(stores, [fromMember, intoMember])
        const problem = problemOf(members, fromMember === intoMember)
        if (problem) throw new HaomaError('NOT_POSSIBLE_NOW', { text: problem })
        const merge = await merging.join(stores, {
          from: fromMember,
          into: intoMember,
          reason: 'operator',
          actor: deed.actor.actorId,
          appid: null,
          bringPhone: true,
        })
        const details = { mergeId: merge.id, fromMember }
        await stores.audit.add([line('member.merge', deed, intoMember, details)])
        return merge
      }),

    undo: async (mergeId, deed) => {
      const merge = await db.merges.find(mergeId)
      if (!merge) throw new HaomaError('NOT_THERE')
      const { fromMember, intoMember } = merge
      try {
        await merging.undo(mergeId, deed.actor.actorId, (stores) =>
          stores.audit.add([line('member.unmerge', deed, intoMember, { mergeId, fromMember })]),
        )
      } catch (error) {
        if (!(error instanceof HaomaError) || error.code !== 'MEMBER_NOT_FOUND') throw error
        throw new HaomaError('NOT_POSSIBLE_NOW', { text: problems.late, cause: error })
      }
    },
  }
}

async function locked(stores: Stores, ids: readonly [string, string]): Promise<(Member | undefined)[]> {
  const found = await stores.members.lock([...new Set(ids)])
  return ids.map((id) => found.find((member) => member.id === id))
}

function problemOf(members: readonly (Member | undefined)[], isSame: boolean): Text | null {
  if (members.includes(undefined)) return problems.unknown
  if (isSame) return problems.same
  return members.every((member) => member?.state === 'active') ? null : problems.over
}
