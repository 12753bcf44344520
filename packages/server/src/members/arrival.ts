import type { FullAppPolicy } from '../apps/app-policy.ts'
import { allOf } from '../kernel/all-of.ts'
import type { Stores } from '../stores/database.ts'
import { StoreConflictError } from '../stores/errors.ts'
import type { Identity, IdentityName, KnownIdentity, Proof } from '../stores/member-store.ts'
import { isPhone, phoneName } from './merging.ts'

/** Who somebody is to an app. Without an openid it is somebody who comes by a number alone. */
export interface AppUser {
  appid: string
  openid?: string | undefined
  unionid?: string | undefined
}

/** A number that somebody vouched for, with the consent it came with. */
export interface VerifiedPhone {
  /** With leading `+`. */
  e164: string
  verifiedBy: Proof
  /** When WeChat, or we, vouched for it: the time of the tap, not of its arrival. */
  verifiedAtMs: number
  /** Version of the privacy guideline that was agreed to, as the client told it. */
  guideline?: string | undefined
}

/** What is known about an arrival. */
export interface Seen {
  identities: KnownIdentity[]
  byOpenid: KnownIdentity | undefined
  byUnionid: KnownIdentity | undefined
  byPhone: KnownIdentity | undefined
  memberIds: string[]
}

/** The user's member, once it is settled who that is. */
export interface UserMember {
  memberId: string
  phone: Identity | undefined
}

/** Somebody who comes in, and all that is known about it. */
export interface Arrival {
  stores: Stores
  user: AppUser
  policy: FullAppPolicy
  names: Names
  phone: VerifiedPhone | undefined
  keyId: string
  seen: Seen
}

export interface Names {
  openid: IdentityName | undefined
  unionid: IdentityName | undefined
}

export function namesOf({ appid, openid, unionid }: AppUser, { openPlatform }: FullAppPolicy): Names {
  return {
    openid: openid === undefined ? undefined : { provider: 'wechat-openid', scope: appid, subject: openid },
    unionid:
      unionid === undefined
        ? undefined
        : { provider: 'wechat-unionid', scope: openPlatform, subject: unionid },
  }
}

const isNamed = (name: IdentityName) => (identity: Identity) =>
  identity.provider === name.provider && identity.scope === name.scope && identity.subject === name.subject

/** Nothing about who is who changes, so nobody has to be locked. */
export function isPlainSignIn({ byOpenid, byUnionid }: Seen, names: Names, phone: VerifiedPhone | undefined) {
  if (phone !== undefined || byOpenid === undefined) return false
  return names.unionid === undefined || byUnionid?.memberId === byOpenid.memberId
}

export async function lockAndLookAgain(
  stores: Stores,
  first: Seen,
  look: () => Promise<Seen>,
): Promise<Seen> {
  if (first.memberIds.length === 0) return first
  const [, seen] = await allOf([stores.members.lock(first.memberIds), look()])
  if (seen.memberIds.some((id) => !first.memberIds.includes(id))) {
    throw new StoreConflictError('who is who changed between two looks')
  }
  return seen
}

/** Looks for who is known by any of the names. */
export async function lookFor(stores: Stores, names: Names, subjects: readonly string[]): Promise<Seen> {
  const wanted = [names.openid, names.unionid, ...subjects.map(phoneName)].filter(
    (name) => name !== undefined,
  )
  const identities = await stores.members.recall(wanted)
  const find = (name: IdentityName | undefined) => name && identities.find(isNamed(name))
  return {
    identities,
    byOpenid: find(names.openid),
    byUnionid: find(names.unionid),
    byPhone: identities.find((identity) => isPhone(identity) && subjects.includes(identity.subject)),
    memberIds: [...new Set(identities.map(({ memberId }) => memberId))],
  }
}

export const phoneOf = ({ identities }: Seen, memberId: string | undefined): Identity | undefined =>
  identities.find((identity) => isPhone(identity) && identity.memberId === memberId)
