import type { ErrorCode } from '@haoma/protocol'
import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault, ProtectedPhone } from '../numbers/vault.ts'
import type { Identity, IdentityName } from '../stores/member-store.ts'
import type { PhoneBinding } from '../stores/phone-binding-store.ts'
import type { Arrival, UserMember, VerifiedPhone } from './arrival.ts'
import { type MemberEvent, recordEvents } from './events.ts'
import type { NumberDecision } from './merge-policy.ts'
import { type Merging, phoneName } from './merging.ts'

/** Whom it turned out to be, and how that was decided. */
export type Recognition = Recognized & { decided: { user: string; number: string } }

export type Recognized =
  | {
      outcome: 'member'
      memberId: string
      isNew: boolean
      /** The number of the member now. */
      phone: Identity | undefined
    }
  | {
      /** Signed in, and the number was not bound: it is another member's, or has to be proven first. */
      outcome: 'conflict' | 'verify'
      memberId: string
      isNew: boolean
      phone: Identity | undefined
      otherMemberId: string
      /** The number that came, as it is stored. */
      number: ProtectedPhone
    }
  | { outcome: 'refused'; reason: ErrorCode }

export interface CarryOutParts {
  vault: PhoneVault
  merging: Merging
  clock: Clock
  newId: NewId
}

/** Writes down what the merge policy decided. */
export function createCarryOut({ vault, merging, clock, newId }: CarryOutParts) {
  return async function carryOut(
    decision: Exclude<NumberDecision, object>,
    member: UserMember | undefined,
    arrival: Arrival,
  ): Promise<Recognized> {
    const { stores, seen, phone, keyId } = arrival
    const number = phone && vault.protect(phone.e164, keyId)
    const owner = seen.byPhone
    const withOwner = async (): Promise<Recognized> => {
      if (!owner || !phone) throw new TypeError('the number has no owner')
      await stores.members.touchIdentity(owner, phone)
      return { outcome: 'member', memberId: owner.memberId, isNew: false, phone: vouchedAgain(owner, phone) }
    }
    const standing = async (known: UserMember): Promise<Recognized> => {
      await link(arrival, known.memberId)
      return { outcome: 'member', memberId: known.memberId, isNew: false, phone: known.phone }
    }

    if (member === undefined) {
      if (decision === 'be-its-member' && owner) {
        const [, known] = await allOf([link(arrival, owner.memberId), withOwner()])
        return known
      }
      const isBound = decision === 'create-with-number'
      const created = await create(arrival, isBound ? number : undefined)
      return decision === 'verify' && number && owner
        ? notProven(arrival, { ...created, isNew: true }, { number, owner })
        : { outcome: 'member', isNew: true, ...created }
    }
    switch (decision) {
      case 'bind':
      case 'change': {
        await link(arrival, member.memberId)
        return bind(arrival, member, number)
      }
      case 'confirm': {
        const [, known] = await allOf([link(arrival, member.memberId), withOwner()])
        return known
      }
      case 'join-its-member': {
        await link(arrival, member.memberId)
        const into = owner?.memberId ?? ''
        const joining = { from: member.memberId, into, reason: 'same-number', actor: 'member' } as const
        await merging.join(stores, { ...joining, appid: arrival.user.appid })
        return withOwner()
      }
      case 'verify':
      case 'conflict': {
        await link(arrival, member.memberId)
        if (!number || !owner) throw new TypeError('there is no number to decide about')
        if (decision === 'verify') return notProven(arrival, { ...member, isNew: false }, { number, owner })
        return { outcome: 'conflict', ...member, isNew: false, otherMemberId: owner.memberId, number }
      }
      default:
        return standing(member)
    }
  }

  /** A member for a user whom nobody knows, with a number if one is bound; one round trip. */
  async function create(arrival: Arrival, number: ProtectedPhone | undefined): Promise<UserMember> {
    const { stores, user, phone } = arrival
    const nowMs = clock.now()
    const memberId = newId(nowMs)
    const identity = number && phone ? phoneIdentity(number, phone, { memberId, nowMs }) : undefined
    const events: MemberEvent[] = [{ type: 'member.created', memberId, appid: user.appid }]
    if (phone && identity) events.push(boundEvent('phone.bound', memberId, arrival))
    await allOf([
      stores.members.create({ id: memberId, createdAtMs: nowMs, events: events.length }),
      stores.members.addIdentities([
        ...newNames(arrival).map((name) => plainIdentity(name, { memberId, nowMs })),
        ...(identity ? [identity] : []),
      ]),
      ...(identity && number ? [addBinding(arrival, { memberId, number, nowMs })] : []),
      recordEvents(stores, events, { newId, nowMs, seqBefore: 0 }),
    ])
    return { memberId, phone: identity }
  }

  async function bind(
    arrival: Arrival,
    { memberId, phone: before }: UserMember,
    number: ProtectedPhone | undefined,
  ): Promise<Recognized> {
    const { stores, phone } = arrival
    if (!phone || !number) throw new TypeError('there is no number to bind')
    const nowMs = clock.now()
    const identity = phoneIdentity(number, phone, { memberId, nowMs })
    if (before) {
      await stores.members.removeIdentity(before, memberId)
      await stores.phoneBindings.end(memberId, { reason: 'changed', nowMs })
    }
    await allOf([
      stores.members.addIdentities([identity]),
      addBinding(arrival, { memberId, number, nowMs }),
      recordEvents(stores, [boundEvent(before ? 'phone.changed' : 'phone.bound', memberId, arrival)], {
        newId,
        nowMs,
      }),
    ])
    return { outcome: 'member', memberId, isNew: false, phone: identity }
  }

  /** The number stays where it is; that this user had it in the hand is remembered. */
  async function notProven(
    arrival: Arrival,
    member: UserMember & { isNew: boolean },
    { number, owner }: { number: ProtectedPhone; owner: Identity },
  ): Promise<Recognized> {
    const nowMs = clock.now()
    await addBinding(arrival, { memberId: member.memberId, number, nowMs, unbound: 'not-proven' })
    return { outcome: 'verify', ...member, otherMemberId: owner.memberId, number }
  }

  function addBinding(
    { stores, user, phone }: Arrival,
    bound: {
      memberId: string
      number: ProtectedPhone
      nowMs: number
      unbound?: PhoneBinding['unboundReason']
    },
  ): Promise<void> {
    if (!phone) throw new TypeError('there is no number to bind')
    const { memberId, number, nowMs, unbound = null } = bound
    return stores.phoneBindings.add({
      id: newId(nowMs),
      memberId,
      subject: number.subject,
      sealed: number.sealed,
      maskedSubject: number.maskedSubject,
      verifiedBy: phone.verifiedBy,
      appid: user.appid,
      openid: user.openid ?? null,
      guideline: phone.guideline ?? null,
      boundAtMs: nowMs,
      verifiedAtMs: phone.verifiedAtMs,
      unboundAtMs: unbound && nowMs,
      unboundReason: unbound,
    })
  }

  /** Gives the member the openid and the unionid that nobody has yet. */
  async function link(arrival: Arrival, memberId: string): Promise<void> {
    const { stores, user } = arrival
    const names = newNames(arrival)
    if (names.length === 0) return
    const nowMs = clock.now()
    const event = { type: 'member.linked', memberId, appid: user.appid } as const
    await allOf([
      stores.members.addIdentities(names.map((name) => plainIdentity(name, { memberId, nowMs }))),
      recordEvents(stores, [event], { newId, nowMs }),
    ])
  }
}

function newNames({ names, seen }: Arrival): IdentityName[] {
  return [
    ...(names.openid && !seen.byOpenid ? [names.openid] : []),
    ...(names.unionid && !seen.byUnionid ? [names.unionid] : []),
  ]
}

function plainIdentity(
  name: IdentityName,
  { memberId, nowMs }: { memberId: string; nowMs: number },
): Identity {
  return {
    ...name,
    memberId,
    sealed: null,
    country: null,
    maskedSubject: null,
    verifiedBy: null,
    createdAtMs: nowMs,
    verifiedAtMs: nowMs,
  }
}

function phoneIdentity(
  { subject, sealed, maskedSubject, country }: ProtectedPhone,
  { verifiedBy, verifiedAtMs }: VerifiedPhone,
  { memberId, nowMs }: { memberId: string; nowMs: number },
): Identity {
  return {
    ...phoneName(subject),
    memberId,
    sealed,
    country,
    maskedSubject,
    verifiedBy,
    createdAtMs: nowMs,
    verifiedAtMs,
  }
}

function vouchedAgain(identity: Identity, { verifiedAtMs, verifiedBy }: VerifiedPhone): Identity {
  return verifiedAtMs > identity.verifiedAtMs ? { ...identity, verifiedAtMs, verifiedBy } : identity
}

function boundEvent(
  type: 'phone.bound' | 'phone.changed',
  memberId: string,
  { user, phone }: Arrival,
): MemberEvent {
  return { type, memberId, appid: user.appid, data: { verifiedBy: phone?.verifiedBy ?? null } }
}
