import type { ClientFacts, MemberView, MergeOffer } from '@haoma/protocol'
import { allOf } from '../kernel/all-of.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { AppUser, VerifiedPhone } from '../members/arrival.ts'
import type { Recognition } from '../members/carry-out.ts'
import type { MemberService } from '../members/service.ts'
import type { MergeTickets } from '../members/tickets.ts'
import type { SessionService } from '../sessions/service.ts'
import type { Stores } from '../stores/database.ts'
import type { OwnedSession, Session } from '../stores/session-store.ts'

/** Somebody who was signed in. */
export interface SignedIn {
  member: MemberView
  session: Session
  isNew: boolean
}

/** A number that was bound to the member of a session, or to the member that the session's became part of. */
export interface Bound {
  member: MemberView
}

/** How it ended: with a result, or with a rule of ours that does not take the number. */
export type ArrivalEnd<Done> = {
  memberId?: string | undefined
  sessionId?: string | undefined
  /** Keyed index of the masked number that came. */
  maskedSubject?: string | undefined
  /** What the merge policy decided about the user and about the number. */
  decided: { user: string; number: string }
  /** What is on its way to the database still; the caller waits for it before the commit. */
  written?: Promise<unknown>
} & ({ done: Done } | { refused: RefusedArrival })

/** A rule of ours does not take the number; who comes may be signed in all the same. */
export class RefusedArrival extends HaomaError {
  /** What was opened for the member of the WeChat user. */
  readonly signedIn: Session | undefined

  constructor(
    code: HaomaError['code'],
    { signedIn, merge }: { signedIn?: Session | undefined; merge?: MergeOffer | undefined } = {},
  ) {
    super(code, { merge })
    this.signedIn = signedIn
  }
}

/** The number that came, and the name of its code. */
export interface BroughtNumber extends VerifiedPhone {
  /** Default is none, as for a code by SMS. */
  codeKey?: string | undefined
}

/** What follows when somebody comes in, whatever the way. Everything works inside the caller's transaction. */
export interface Arrivals {
  /** Recognizes somebody and opens a session. */
  signIn(
    stores: Stores,
    arrival: {
      user: AppUser
      way: Session['way']
      phone?: BroughtNumber | undefined
      client?: ClientFacts | undefined
    },
  ): Promise<ArrivalEnd<SignedIn>>
  /** Binds a number to the member of a session. */
  bind(stores: Stores, session: OwnedSession, phone: BroughtNumber): Promise<ArrivalEnd<Bound>>
}

export interface ArrivalsParts {
  members: MemberService
  sessions: SessionService
  tickets: MergeTickets
}

type Undecided = Extract<Recognition, { outcome: 'conflict' | 'verify' }>

export function createArrivals({ members, sessions, tickets }: ArrivalsParts): Arrivals {
  /** The ticket that keeps the number, or none where the number is to be checked first. */
  const offerFor = (stores: Stores, recognition: Undecided, session: Session, phone: BroughtNumber) =>
    recognition.outcome === 'conflict'
      ? tickets.offer(stores, {
          session,
          otherMemberId: recognition.otherMemberId,
          number: recognition.number,
          verifiedBy: phone.verifiedBy,
          verifiedAtMs: phone.verifiedAtMs,
          codeKey: phone.codeKey,
        })
      : undefined
  const codeOf = ({ outcome }: Undecided) =>
    outcome === 'conflict' ? 'IDENTITY_CONFLICT' : 'PHONE_VERIFICATION_REQUIRED'

  return {
    signIn: async (stores, { user, way, phone, client }) => {
      const recognition = await members.recognize(stores, user, phone)
      const { decided } = recognition
      if (recognition.outcome === 'refused') {
        return { decided, refused: new RefusedArrival(recognition.reason) }
      }
      const { memberId, isNew } = recognition
      const { session, written } = sessions.open(stores, {
        memberId,
        appid: user.appid,
        way,
        openid: user.openid ?? null,
        client,
        isNewMember: isNew,
      })
      const maskedSubject = maskedSubjectOf(recognition, phone)
      const known = { memberId, sessionId: session.id, maskedSubject, decided }
      if (recognition.outcome !== 'member' && phone) {
        const [merge] = await allOf([offerFor(stores, recognition, session, phone), written])
        return { ...known, refused: new RefusedArrival(codeOf(recognition), { signedIn: session, merge }) }
      }
      const member = members.viewOf(memberId, recognition.phone)
      return { ...known, written, done: { member, session, isNew } }
    },

    bind: async (stores, session, phone) => {
      const { appid, openid } = session
      const recognition = await members.recognize(stores, { appid, openid: openid ?? undefined }, phone)
      const { decided } = recognition
      if (recognition.outcome === 'refused') {
        return { decided, refused: new RefusedArrival(recognition.reason) }
      }
      const { memberId } = recognition
      const maskedSubject = maskedSubjectOf(recognition, phone)
      const known = { memberId, sessionId: session.id, maskedSubject, decided }
      if (recognition.outcome !== 'member') {
        const merge = await offerFor(stores, recognition, session, phone)
        return { ...known, refused: new RefusedArrival(codeOf(recognition), { merge }) }
      }
      return { ...known, done: { member: members.viewOf(memberId, recognition.phone) } }
    },
  }
}

function maskedSubjectOf(
  recognition: Exclude<Recognition, { outcome: 'refused' }>,
  phone: BroughtNumber | undefined,
): string | undefined {
  if (!phone) return undefined
  return recognition.outcome === 'member'
    ? (recognition.phone?.maskedSubject ?? undefined)
    : recognition.number.maskedSubject
}
