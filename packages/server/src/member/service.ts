import type { MemberView } from '@haoma/protocol'
import type { Clock } from '../clock.ts'
import type { PhoneVault, ProtectedPhone } from '../phone/phone-vault.ts'
import type { Stores } from '../stores/database.ts'
import type { IdentityName } from '../stores/member-store.ts'

/** Who somebody is to WeChat. */
export interface WeChatUser {
  appid: string
  openid: string
  unionid?: string | undefined
}

export interface VerifiedPhone extends ProtectedPhone {
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
  recognise(stores: Stores, user: WeChatUser, phone?: VerifiedPhone): Promise<Recognition>
  /** Whom a member is now: itself, or the one it became part of. */
  resolve(stores: Stores, memberId: string): Promise<string>
  /** The member as a client may see it. */
  view(stores: Stores, memberId: string): Promise<MemberView>
}

export interface MemberServiceParts {
  phones: PhoneVault
  clock: Clock
  newId: (nowMs: number) => string
  /** Open-platform account that the unionids are of; `*` when there is but one. */
  unionidScope: string
}

export function createMemberService({
  phones,
  clock,
  newId,
  unionidScope,
}: MemberServiceParts): MemberService {
  const openidName = ({ appid, openid }: WeChatUser): IdentityName => ({
    provider: 'wechat-openid',
    scope: appid,
    subject: openid,
  })
  const unionidName = (unionid: string): IdentityName => ({
    provider: 'wechat-unionid',
    scope: unionidScope,
    subject: unionid,
  })
  const phoneName = ({ subject }: ProtectedPhone): IdentityName => ({
    provider: 'phone',
    scope: '*',
    subject,
  })

  const ownerOf = async (stores: Stores, name: IdentityName | undefined) =>
    name && (await stores.members.findIdentity(name))?.memberId

  const isBare = async (stores: Stores, memberId: string) =>
    (await stores.members.findPhone(memberId)) === undefined

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

  /** The member whom the openid and the unionid point at, made one if they point at two. */
  const findByWeChat = async (stores: Stores, user: WeChatUser) => {
    const byOpenid = await ownerOf(stores, openidName(user))
    const byUnionid = await ownerOf(stores, user.unionid ? unionidName(user.unionid) : undefined)
    if (!byOpenid || !byUnionid || byOpenid === byUnionid) return byOpenid ?? byUnionid
    if (await isBare(stores, byOpenid)) return merge(stores, byOpenid, byUnionid)
    if (await isBare(stores, byUnionid)) return merge(stores, byUnionid, byOpenid)
    return byOpenid
  }

  const link = async (stores: Stores, memberId: string, user: WeChatUser) => {
    const nowMs = clock.now()
    const names = [openidName(user), ...(user.unionid ? [unionidName(user.unionid)] : [])]
    for (const name of names) {
      if (await ownerOf(stores, name)) continue
      await stores.members.addIdentity({
        ...name,
        ...{ memberId, sealed: null, country: null, createdAtMs: nowMs, verifiedAtMs: nowMs },
      })
    }
  }

  const bindPhone = async (stores: Stores, memberId: string, phone: VerifiedPhone): Promise<Recognition> => {
    const name = phoneName(phone)
    const known = await stores.members.findIdentity(name)
    const owner = known?.memberId
    const current = await stores.members.findPhone(memberId)
    if (owner && owner !== memberId && current) return { memberId, isConflict: true }
    if (owner) {
      // Two codes may arrive in another order than they were made.
      if (phone.verifiedAtMs > known.verifiedAtMs)
        await stores.members.touchIdentity(name, phone.verifiedAtMs)
      const merged = owner === memberId ? memberId : await merge(stores, memberId, owner)
      return { memberId: merged, isConflict: false }
    }
    if (current) await stores.members.removeIdentity(current, memberId)
    const { sealed, country, verifiedAtMs } = phone
    await stores.members.addIdentity({
      ...name,
      ...{ memberId, sealed, country, verifiedAtMs, createdAtMs: clock.now() },
    })
    return { memberId, isConflict: false }
  }

  const resolve = async (stores: Stores, memberId: string): Promise<string> => {
    const mergedInto = (await stores.members.find(memberId))?.mergedInto
    return mergedInto ? resolve(stores, mergedInto) : memberId
  }

  return {
    recognise: async (stores, user, phone) => {
      const known = (await findByWeChat(stores, user)) ?? (await ownerOf(stores, phone && phoneName(phone)))
      const memberId = known ?? (await create(stores))
      await link(stores, memberId, user)
      return phone ? bindPhone(stores, memberId, phone) : { memberId, isConflict: false }
    },

    resolve,

    view: async (stores, id) => {
      const phone = await stores.members.findPhone(id)
      return {
        id,
        phone: {
          bound: phone !== undefined,
          masked: phone ? phones.readMasked(phone) : null,
          verifiedAt: phone ? new Date(phone.verifiedAtMs).toISOString() : null,
        },
      }
    },
  }
}
