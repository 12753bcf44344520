import type { PolicyOf } from '../apps/app-policy.ts'
import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { isCountryAllowed, parseNumber } from '../numbers/e164.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Stores } from '../stores/database.ts'
import type { KnownIdentity } from '../stores/member-store.ts'
import {
  type AppUser,
  type Arrival,
  isPlainSignIn,
  lockAndLookAgain,
  lookFor,
  type Names,
  namesOf,
  phoneOf,
  type Seen,
  type UserMember,
  type VerifiedPhone,
} from './arrival.ts'
import { createCarryOut, type Recognition } from './carry-out.ts'
import { decideNumber, decideUser, type UserDecision } from './merge-policy.ts'
import type { Merging } from './merging.ts'

const DAY_MS = 86_400_000

export interface RecognitionParts {
  vault: PhoneVault
  merging: Merging
  policyOf: PolicyOf
  clock: Clock
  newId: NewId
}

export type Recognize = (stores: Stores, user: AppUser, phone?: VerifiedPhone) => Promise<Recognition>

/** Collects facts, lets the merge policy decide, and writes down what follows. */
export function createRecognize(parts: RecognitionParts): Recognize {
  const { vault, merging, clock } = parts
  const carryOut = createCarryOut(parts)

  return async (stores, user, phone) => {
    const policy = parts.policyOf(user.appid)
    const names = namesOf(user, policy)
    const subjects = phone ? vault.subjectsOf(phone.e164) : []
    const look = () => lookFor(stores, names, subjects)

    // The key is looked at first: while we hold it nobody begins to write numbers under another.
    const [keyId, first] = await allOf([phone ? stores.indexKeys.findWriting() : '', look()])
    const seen = isPlainSignIn(first, names, phone) ? first : await lockAndLookAgain(stores, first, look)
    const arrival = { stores, user, policy, names, phone, keyId, seen }
    return settle(arrival)
  }

  async function settle(arrival: Arrival): Promise<Recognition> {
    const { stores, user, policy, names, phone, seen } = arrival
    const userDecision = decideUser({
      openid: seen.byOpenid ? 'known' : 'unknown',
      unionid: unionidFact(seen, names),
      hasNumber: phoneOf(seen, seen.byOpenid?.memberId) !== undefined,
      anotherHasNumber: phoneOf(seen, seen.byUnionid?.memberId) !== undefined,
    })
    const member = memberAfter(userDecision, seen)
    const owner = seen.byPhone
    const isOwn = owner !== undefined && owner.memberId === member?.memberId
    const decision = decideNumber({
      user: member === undefined ? 'new' : member.phone ? 'full' : 'bare',
      number: phone === undefined ? 'none' : owner === undefined ? 'free' : isOwn ? 'own' : 'another',
      isCountryAllowed:
        phone === undefined || isCountryAllowed(parseNumber(phone.e164).country, policy.countries),
      isBanned: seen.identities.some(({ memberState }) => memberState === 'banned'),
      knownOnly: policy.knownMembersOnly,
      isDoubtful: owner !== undefined && !isOwn && (await isDoubtful(arrival, owner)),
      isProven: phone?.verifiedBy === 'realtime' || phone?.verifiedBy === 'sms',
      isLater: phone !== undefined && phone.verifiedAtMs >= (member?.phone?.verifiedAtMs ?? 0),
    })
    if (typeof decision === 'object') {
      const { refuse: reason } = decision
      return { outcome: 'refused', reason, decided: { user: userDecision, number: reason } }
    }
    if (userDecision === 'join-unionid-member' || userDecision === 'join-openid-member') {
      const [openidMember, unionidMember] = [seen.byOpenid?.memberId ?? '', seen.byUnionid?.memberId ?? '']
      const [from, into] =
        userDecision === 'join-unionid-member' ? [openidMember, unionidMember] : [unionidMember, openidMember]
      await merging.join(stores, { from, into, reason: 'same-unionid', actor: 'member', appid: user.appid })
    }
    const recognized = await carryOut(decision, member, arrival)
    return { ...recognized, decided: { user: userDecision, number: decision } }
  }

  /** Whether the number may have a new holder: vouched for long ago, or by somebody else since. */
  async function isDoubtful({ stores, policy, phone }: Arrival, owner: KnownIdentity): Promise<boolean> {
    if (!phone) return false
    if (clock.now() - owner.verifiedAtMs > policy.rejoinAfterDays * DAY_MS) return true
    return stores.phoneBindings.wasUsedSince(vault.subjectsOf(phone.e164), {
      otherThan: owner.memberId,
      afterMs: owner.verifiedAtMs,
    })
  }
}

function unionidFact({ byOpenid, byUnionid }: Seen, names: Names) {
  if (names.unionid === undefined) return 'none'
  if (byUnionid === undefined) return 'unknown'
  return byUnionid.memberId === byOpenid?.memberId ? 'same' : 'another'
}

/** Which member the user is once the first table was followed. */
function memberAfter(decision: UserDecision, seen: Seen): UserMember | undefined {
  const isUnionids = decision === 'unionid-member' || decision === 'join-unionid-member'
  const memberId = isUnionids ? seen.byUnionid?.memberId : seen.byOpenid?.memberId
  return memberId === undefined ? undefined : { memberId, phone: phoneOf(seen, memberId) }
}
