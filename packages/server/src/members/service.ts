import type { MemberView } from '@haoma/protocol'
import type { PolicyOf } from '../apps/app-policy.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Alongside, Database, Stores } from '../stores/database.ts'
import type { Identity } from '../stores/member-store.ts'
import { type MemberEvent, recordEvents, sessionEnded } from './events.ts'
import type { Merging } from './merging.ts'
import { createRecognize, type Recognize } from './recognition.ts'

/**
 * Who is who. Calls that take stores work inside the caller's transaction; unique indexes and locked rows settle what two
 * of them do at once. The rules are data, in merge-policy.ts.
 */
export interface MemberService {
  /** Whom somebody is, making a member when nobody is known, and binding the number if one came along. */
  recognize: Recognize
  /** Whom a member is now: itself, or the one it became part of. */
  resolve(stores: Stores, memberId: string): Promise<string>
  /** The member as a client may see it. */
  view(stores: Stores, memberId: string): Promise<MemberView>
  /** The same, of a member whose number is at hand. */
  viewOf(memberId: string, phone: Identity | undefined): MemberView
  /** Takes the number from the member; nothing happens to one who has none. */
  unbind(memberId: string, by: { appid: string | null; alongside?: Alongside }): Promise<MemberView>
  /** Ends every session and lets the member in no more. @throws {HaomaError} `MEMBER_NOT_FOUND`. */
  ban(memberId: string, actor: string, alongside?: Alongside): Promise<void>
  /** Lets a banned member in again. @throws {HaomaError} `MEMBER_NOT_FOUND`. */
  unban(memberId: string, actor: string, alongside?: Alongside): Promise<void>
}

export interface MemberServiceParts {
  db: Database
  vault: PhoneVault
  merging: Merging
  policyOf: PolicyOf
  clock: Clock
  newId: NewId
}

export function createMemberService(parts: MemberServiceParts): MemberService {
  const { db, vault, clock, newId } = parts

  const resolve = async (stores: Stores, memberId: string): Promise<string> => {
    const mergedInto = (await stores.members.find(memberId))?.mergedInto
    return mergedInto ? resolve(stores, mergedInto) : memberId
  }

  const viewOf = (id: string, phone: Identity | undefined): MemberView => ({
    id,
    phone: {
      bound: phone !== undefined,
      masked: phone ? vault.readMasked(phone) : null,
      verifiedAt: phone ? new Date(phone.verifiedAtMs).toISOString() : null,
    },
  })

  const switchState = (
    memberId: string,
    { to, actor, alongside }: { to: 'active' | 'banned'; actor: string; alongside: Alongside | undefined },
  ) =>
    db.transaction(async (stores) => {
      const [member] = await stores.members.lock([memberId])
      if (!member || (member.state !== 'active' && member.state !== 'banned')) {
        throw new HaomaError('MEMBER_NOT_FOUND')
      }
      if (member.state === to) return
      const nowMs = clock.now()
      await stores.members.setState(memberId, { state: to, nowMs })
      const ended = to === 'banned' ? await stores.sessions.endAll(memberId, { reason: 'banned', nowMs }) : []
      const events: MemberEvent[] = [
        {
          type: to === 'banned' ? 'member.banned' : 'member.unbanned',
          memberId,
          appid: null,
          data: { actor },
        },
        ...ended.map(({ id, appid }) => sessionEnded({ id, memberId, appid }, 'banned')),
      ]
      await recordEvents(stores, events, { newId, nowMs })
      await alongside?.(stores)
    })

  return {
    recognize: createRecognize(parts),
    resolve,
    viewOf,
    view: async (stores, id) => viewOf(id, await stores.members.findPhone(id)),

    unbind: (memberId, { appid, alongside }) =>
      db.transaction(async (stores) => {
        await stores.members.lock([memberId])
        const phone = await stores.members.findPhone(memberId)
        if (phone) {
          const nowMs = clock.now()
          await stores.members.removeIdentity(phone, memberId)
          await stores.phoneBindings.end(memberId, { reason: 'unbound', nowMs })
          await recordEvents(stores, [{ type: 'phone.unbound', memberId, appid }], { newId, nowMs })
          await alongside?.(stores)
        }
        return viewOf(memberId, undefined)
      }),

    ban: (memberId, actor, alongside) => switchState(memberId, { to: 'banned', actor, alongside }),
    unban: (memberId, actor, alongside) => switchState(memberId, { to: 'active', actor, alongside }),
  }
}
