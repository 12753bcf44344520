import type { MemberView } from '@haoma/protocol'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault, ProtectedPhone } from '../numbers/vault.ts'
import type { Stores } from '../stores/database.ts'
import type { IdentityName } from '../stores/member-store.ts'

/** Who somebody is to WeChat. */
export interface WeChatUser {
  appid: string
  openid: string
  unionid?: string | undefined
}

export interface VerifiedPhone extends ProtectedPhone {
  verifiedBy: 'quick' | 'realtime'
  verifiedAtMs: number
}

export type Recognition = { memberId: string; isConflict: boolean }

/**
 * Who is who. Every call works inside the caller's transaction; unique indexes settle what two of them do at
 * once. The rules are in docs/login-service.md, a row per case.
 */
export interface MemberService {
  /**
   * Gives the member of this WeChat user, making one when nobody is known, and binds the phone if there is
   * one. A member who is nothing but a WeChat user becomes part of the member who has the phone or the
   * unionid already. `isConflict` when the phone is another's and neither may give way: nothing was bound.
   */
  recognize(stores: Stores, user: WeChatUser, phone?: VerifiedPhone): Promise<Recognition>
  /** Whom a member is now: itself, or the one it became part of. */
  resolve(stores: Stores, memberId: string): Promise<string>
  /** The member as a client may see it. */
  view(stores: Stores, memberId: string): Promise<MemberView>
}

export interface MemberServiceParts {
  vault: PhoneVault
  clock: Clock
  newId: NewId
  /** Open-platform account that the unionids are of; `*` when there is but one. */
  unionidScope: string
}

export function createMemberService({
  vault,
  clock,
  newId,
  unionidScope,
}: MemberServiceParts): MemberService {
  const namesOf = ({ appid, openid, unionid }: WeChatUser) => ({
    openid: { provider: 'wechat-openid', scope: appid, subject: openid } as const,
    unionid: unionid
      ? ({ provider: 'wechat-unionid', scope: unionidScope, subject: unionid } as const)
      : undefined,
  })
  const phoneName = ({ subject }: ProtectedPhone) =>
    ({ provider: 'phone', scope: '*', subject }) as const satisfies IdentityName

  const merge = async (stores: Stores, from: string, into: string) => {
    await stores.members.merge(from, { memberId: into, nowMs: clock.now() })
    await stores.sessions.move(from, into)
    return into
  }

  const create = async (stores: Stores) => {
    const nowMs = clock.now()
    const id = newId(nowMs)
    await stores.members.create({ id, createdAtMs: nowMs })
    return id
  }

  const addName = (stores: Stores, name: IdentityName, memberId: string) => {
    const nowMs = clock.now()
    return stores.members.addIdentity({
      ...name,
      memberId,
      sealed: null,
      country: null,
      maskedSubject: null,
      verifiedBy: null,
      createdAtMs: nowMs,
      verifiedAtMs: nowMs,
    })
  }

  /** Two members turn out to be one WeChat user. One who has no number becomes part of the other. */
  const join = async (stores: Stores, byOpenid: string, byUnionid: string) => {
    if (!(await stores.members.findPhone(byOpenid))) return merge(stores, byOpenid, byUnionid)
    if (!(await stores.members.findPhone(byUnionid))) return merge(stores, byUnionid, byOpenid)
    return byOpenid
  }

  const recognizeUser = async (stores: Stores, user: WeChatUser, phoneOwner: string | undefined) => {
    const names = namesOf(user)
    const byOpenid = await stores.members.findIdentity(names.openid)
    const byUnionid = names.unionid && (await stores.members.findIdentity(names.unionid))
    const known =
      byOpenid && byUnionid && byOpenid.memberId !== byUnionid.memberId
        ? await join(stores, byOpenid.memberId, byUnionid.memberId)
        : (byOpenid ?? byUnionid)?.memberId
    const memberId = known ?? phoneOwner ?? (await create(stores))
    if (!byOpenid) await addName(stores, names.openid, memberId)
    if (names.unionid && !byUnionid) await addName(stores, names.unionid, memberId)
    return memberId
  }

  /** The number is another member's: either this one becomes part of that, or nobody gives way. */
  const joinOwner = async (stores: Stores, memberId: string, owner: string): Promise<Recognition> => {
    const isConflict = (await stores.members.findPhone(memberId)) !== undefined
    return { memberId: isConflict ? memberId : await merge(stores, memberId, owner), isConflict }
  }

  const addPhone = async (stores: Stores, memberId: string, phone: VerifiedPhone) => {
    const current = await stores.members.findPhone(memberId)
    if (current) await stores.members.removeIdentity(current, memberId)
    const { sealed, country, verifiedAtMs } = phone
    await stores.members.addIdentity({
      ...phoneName(phone),
      memberId,
      sealed,
      country,
      maskedSubject: null,
      verifiedBy: phone.verifiedBy,
      verifiedAtMs,
      createdAtMs: clock.now(),
    })
  }

  const resolve = async (stores: Stores, memberId: string): Promise<string> => {
    const mergedInto = (await stores.members.find(memberId))?.mergedInto
    return mergedInto ? resolve(stores, mergedInto) : memberId
  }

  return {
    recognize: async (stores, user, phone) => {
      if (!phone) return { memberId: await recognizeUser(stores, user, undefined), isConflict: false }
      const bound = await stores.members.findIdentity(phoneName(phone))
      const memberId = await recognizeUser(stores, user, bound?.memberId)
      if (!bound) {
        await addPhone(stores, memberId, phone)
        return { memberId, isConflict: false }
      }
      const recognition =
        bound.memberId === memberId
          ? { memberId, isConflict: false }
          : await joinOwner(stores, memberId, bound.memberId)
      // Two codes may arrive in another order than they were made.
      if (!recognition.isConflict && phone.verifiedAtMs > bound.verifiedAtMs) {
        await stores.members.touchIdentity(bound, phone.verifiedAtMs)
      }
      return recognition
    },

    resolve,

    view: async (stores, id) => {
      const phone = await stores.members.findPhone(id)
      return {
        id,
        phone: {
          bound: phone !== undefined,
          masked: phone ? vault.readMasked(phone) : null,
          verifiedAt: phone ? new Date(phone.verifiedAtMs).toISOString() : null,
        },
      }
    },
  }
}
