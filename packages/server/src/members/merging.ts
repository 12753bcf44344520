import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import { parseNumber } from '../numbers/e164.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Alongside, Database, Stores } from '../stores/database.ts'
import type { Identity, Member } from '../stores/member-store.ts'
import type { Merge, MovedRows } from '../stores/merge-store.ts'
import { recordEvents } from './events.ts'

const UNDO_DAYS = 7
const DAY_MS = 86_400_000

export interface Joining {
  from: string
  into: string
  reason: Merge['reason']
  /** `member`, or an operator's id. */
  actor: string
  appid: string | null
  /** Whether the number of the first comes along when the other has none. Default is no: it is given up. */
  bringPhone?: boolean
}

export interface Merging {
  /**
   * Makes one member part of another, inside the caller's transaction, which has locked both. Identities and living
   * sessions move; a number that the first has is given up, or comes along where that was asked for. What was moved is
   * written down. Both get `member.merged`.
   */
  join(stores: Stores, joining: Joining): Promise<Merge>
  /**
   * Takes a merge back within seven days: what was moved and is still there goes back, and the number too unless somebody
   * has it by now. What happened since stays where it is. Both get `member.unmerged`.
   *
   * @throws {HaomaError} `MEMBER_NOT_FOUND` when there is no such merge, or it cannot be taken back any more.
   */
  undo(mergeId: string, actor: string, alongside?: Alongside): Promise<Merge>
}

export interface MergingParts {
  db: Database
  vault: PhoneVault
  clock: Clock
  newId: NewId
}

export function createMerging({ db, vault, clock, newId }: MergingParts): Merging {
  /** The number as it was, from the history, which is written anew when keys change. */
  const restorePhone = async (stores: Stores, { fromMember }: Merge, moved: MovedRows) => {
    const history = await stores.phoneBindings.listOf(fromMember)
    const binding = history.filter(({ id }) => moved.bindings.includes(id)).at(-1)
    if (!binding) return
    const e164 = vault.read(binding)
    const names = (e164 === null ? [binding.subject] : vault.subjectsOf(e164)).map(phoneName)
    const taken = await stores.members.recall(names)
    if (taken.some(({ subject }) => names.some((name) => name.subject === subject))) return
    await stores.members.addIdentities([
      {
        ...phoneName(binding.subject),
        memberId: fromMember,
        sealed: binding.sealed,
        country: e164 === null ? null : parseNumber(e164).country,
        maskedSubject: binding.maskedSubject,
        verifiedBy: binding.verifiedBy,
        createdAtMs: binding.boundAtMs,
        verifiedAtMs: binding.verifiedAtMs,
      },
    ])
    await stores.phoneBindings.reopen([binding.id])
  }

  /** Binds the number that the first member gave up to the other, with the consent it came with. */
  const handOver = async (stores: Stores, phone: Identity, into: string, nowMs: number): Promise<string> => {
    const given = (await stores.phoneBindings.listOf(phone.memberId)).at(-1)
    const id = newId(nowMs)
    await stores.members.addIdentities([{ ...phone, memberId: into }])
    await stores.phoneBindings.add({
      id,
      memberId: into,
      subject: phone.subject,
      sealed: phone.sealed,
      maskedSubject: phone.maskedSubject,
      verifiedBy: phone.verifiedBy ?? 'import',
      appid: given?.appid ?? null,
      openid: given?.openid ?? null,
      guideline: given?.guideline ?? null,
      boundAtMs: nowMs,
      verifiedAtMs: phone.verifiedAtMs,
      unboundAtMs: null,
      unboundReason: null,
    })
    return id
  }

  /** Takes a number back that came along, if it is still there; says whether it was. */
  const takeBack = async (
    stores: Stores,
    into: string,
    bindingId: string,
    nowMs: number,
  ): Promise<boolean> => {
    const history = await stores.phoneBindings.listOf(into)
    const phone = await stores.members.findPhone(into)
    if (!phone || !history.some(({ id, unboundAtMs }) => id === bindingId && unboundAtMs === null))
      return false
    await stores.members.removeIdentity(phone, into)
    await stores.phoneBindings.end(into, { reason: 'merged', nowMs })
    return true
  }

  return {
    join: async (stores, { from, into, reason, actor, appid, bringPhone = false }) => {
      const nowMs = clock.now()
      const [identities, otherPhone] = await allOf([
        stores.members.identitiesOf(from),
        bringPhone ? stores.members.findPhone(into) : undefined,
      ])
      const phone = identities.find(isPhone)
      const names = identities.filter((identity) => !isPhone(identity)).map(nameOf)
      if (phone) await stores.members.removeIdentity(phone, from)
      const [, bindings, sessions] = await allOf([
        stores.members.moveIdentities(names, { from, to: into }),
        phone ? stores.phoneBindings.end(from, { reason: 'merged', nowMs }) : [],
        stores.sessions.move({ from, to: into, nowMs }),
        stores.members.setState(from, { state: 'merged', mergedInto: into, nowMs }),
      ])
      const isBrought = bringPhone && phone !== undefined && otherPhone === undefined
      const broughtBinding = isBrought ? await handOver(stores, phone, into, nowMs) : undefined
      const moved: MovedRows = { identities: names, sessions, bindings, broughtBinding }
      const merge: Merge = {
        id: newId(nowMs),
        fromMember: from,
        intoMember: into,
        reason,
        actor,
        moved: JSON.stringify(moved),
        mergedAtMs: nowMs,
        undoUntilMs: nowMs + UNDO_DAYS * DAY_MS,
        undoneAtMs: null,
      }
      const data = { mergeId: merge.id, from, into, reason }
      await stores.merges.add(merge)
      await recordEvents(
        stores,
        [
          ...[from, into].map((memberId) => ({ type: 'member.merged' as const, memberId, appid, data })),
          ...(isBrought ? [{ type: 'phone.bound' as const, memberId: into, appid }] : []),
        ],
        { newId, nowMs },
      )
      return merge
    },

    undo: (mergeId, actor, alongside) =>
      db.transaction(async (stores) => {
        const nowMs = clock.now()
        const merge = await stores.merges.find(mergeId)
        if (!merge) throw new HaomaError('MEMBER_NOT_FOUND')
        const { fromMember: from, intoMember: into } = merge
        const members = await stores.members.lock([from, into])
        if (nowMs > merge.undoUntilMs || !isStillMerged(members, merge)) {
          throw new HaomaError('MEMBER_NOT_FOUND')
        }
        if (!(await stores.merges.markUndone(mergeId, nowMs))) throw new HaomaError('MEMBER_NOT_FOUND')
        const moved: MovedRows = JSON.parse(merge.moved)
        await stores.members.setState(from, { state: 'active', nowMs })
        await stores.members.moveIdentities(moved.identities, { from: into, to: from })
        await stores.sessions.move({ from: into, to: from, ids: moved.sessions, nowMs })
        const isTakenBack =
          moved.broughtBinding !== undefined && (await takeBack(stores, into, moved.broughtBinding, nowMs))
        await restorePhone(stores, merge, moved)
        const data = { mergeId, from, into, actor }
        await recordEvents(
          stores,
          [
            ...(isTakenBack ? [{ type: 'phone.unbound' as const, memberId: into, appid: null }] : []),
            ...[from, into].map((memberId) => ({
              type: 'member.unmerged' as const,
              memberId,
              appid: null,
              data,
            })),
          ],
          { newId, nowMs },
        )
        await alongside?.(stores)
        return { ...merge, undoneAtMs: nowMs }
      }),
  }
}

function isStillMerged(members: readonly Member[], { fromMember, intoMember }: Merge): boolean {
  const from = members.find(({ id }) => id === fromMember)
  const into = members.find(({ id }) => id === intoMember)
  return from?.state === 'merged' && from.mergedInto === intoMember && into?.state === 'active'
}

export const isPhone = ({ provider }: Pick<Identity, 'provider'>) => provider === 'phone'
export const phoneName = (subject: string) => ({ provider: 'phone', scope: '*', subject }) as const
const nameOf = ({ provider, scope, subject }: Identity) => ({ provider, scope, subject })
