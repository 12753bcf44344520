import type { LoginResponse, SmsLoginRequest } from '@haoma/protocol'
import type { Trace } from '../../journal/trace.ts'
import { allOf } from '../../kernel/all-of.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { MemberService } from '../../members/service.ts'
import type { MergeTickets } from '../../members/tickets.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Database, Stores } from '../../stores/database.ts'
import type { OwnedSession, Session } from '../../stores/session-store.ts'
import type { SmsRequest } from '../../stores/sms-store.ts'
import type { ArrivalEnd, Arrivals, Bound, BroughtNumber, SignedIn } from '../arrivals.ts'
import type { SmsCodes } from './codes.ts'
import { TRIES } from './policy.ts'

export interface LoginBySms {
  /**
   * Signs in who has the number of a request. With a session of the same app the number is bound to its member instead, or
   * proves the ticket of a merge. The same code again, from the same device, gives the same session.
   *
   * @throws {HaomaError} `SMS_CODE_WRONG`, `SMS_CODE_OVER`, `IDENTITY_CONFLICT`, `MEMBER_*` …
   */
  login(request: SmsLoginRequest, beside?: BesideSmsLogin): Promise<LoginResponse>
}

export interface BesideSmsLogin {
  /** The session that was shown. Default is none. */
  session?: OwnedSession | undefined
  /** Where the journal learns of the request. */
  trace?: Trace | undefined
}

/** Somebody came in by a code. */
export interface SmsArrival {
  appid: string
  memberId: string
  isNew: boolean
}

export interface LoginBySmsParts {
  db: Database
  vault: PhoneVault
  codes: SmsCodes
  arrivals: Arrivals
  members: MemberService
  sessions: SessionService
  tickets: MergeTickets
  clock: Clock
  /** Told after the commit. Default is nobody. */
  tell?: ((arrival: SmsArrival) => Promise<void>) | undefined
}

export function createLoginBySms(parts: LoginBySmsParts): LoginBySms {
  const { db, vault, codes, arrivals, members, sessions, tickets, clock } = parts

  /** Counts the try before anything is compared, so that no crowd of tries at once gets more than there are. */
  const enter = async ({ requestId, code }: SmsLoginRequest): Promise<SmsRequest> => {
    const request = await db.sms.countTry(requestId, { tries: TRIES, nowMs: clock.now() })
    if (!request) throw new HaomaError('SMS_CODE_OVER')
    if (codes.matches(request, code.normalize('NFKC').trim())) return request
    if (request.tries < TRIES) throw new HaomaError('SMS_CODE_WRONG')
    await db.sms.burn(request.id)
    throw new HaomaError('SMS_CODE_OVER')
  }

  const arrive = (
    stores: Stores,
    { request, phone, session, client }: Entered,
  ): Promise<ArrivalEnd<SignedIn | Bound>> =>
    session
      ? arrivals.bind(stores, session, phone)
      : arrivals.signIn(stores, { user: { appid: request.appid }, way: 'sms', phone, client })

  const answerFor = async (session: Session, isNew: boolean): Promise<LoginResponse> => ({
    member: await members.view(db, session.memberId),
    session: await sessions.issue(session),
    isNew,
  })

  /** The code was used before: by the same device, whose answer was lost, or it is over. */
  const again = async ({ request, session, client }: Omit<Entered, 'phone'>): Promise<LoginResponse> => {
    const opened = request.sessionId === null ? undefined : await sessions.findLiving(request.sessionId)
    const isSameDevice = session
      ? opened?.id === session.id
      : opened !== undefined && opened.deviceId === (client?.deviceId ?? null)
    if (!opened || !isSameDevice) throw new HaomaError('SMS_CODE_OVER')
    const merge = session && (await tickets.offerAgain(db, ticketNameOf(request)))
    if (merge) throw new HaomaError('IDENTITY_CONFLICT', { merge })
    return answerFor(opened, false)
  }

  return {
    login: async (entry, { session, trace } = {}) => {
      const { client } = entry
      const request = await enter(entry)
      const e164 = vault.read(request)
      trace?.know({ appid: request.appid })
      if (e164 !== null) trace?.number(e164)
      if (e164 === null || (session && session.appid !== request.appid)) throw new HaomaError('SMS_CODE_OVER')
      if (request.usedAtMs !== null) return again({ request, session, client })

      const nowMs = clock.now()
      const phone: BroughtNumber = {
        e164,
        verifiedBy: 'sms',
        verifiedAtMs: nowMs,
        guideline: client?.guideline,
        codeKey: ticketNameOf(request),
      }
      const end = await db.transaction(async (stores) => {
        if (!(await stores.sms.use(request.id, nowMs))) return undefined
        const ended = await arrive(stores, { request, phone, session, client })
        const { sessionId } = ended
        await allOf([ended.written, sessionId !== undefined && stores.sms.opened(request.id, sessionId)])
        return ended
      })
      if (end === undefined) {
        const used = await db.sms.find(request.id)
        return again({ request: used ?? request, session, client })
      }
      trace?.know({ memberId: end.memberId ?? null, sessionId: end.sessionId ?? null })
      if ('refused' in end) throw end.refused
      const opened = end.sessionId === undefined ? undefined : await sessions.findLiving(end.sessionId)
      if (!opened) throw new HaomaError('SESSION_EXPIRED')
      const isNew = 'isNew' in end.done && end.done.isNew
      await parts.tell?.({ appid: request.appid, memberId: opened.memberId, isNew })
      return answerFor(opened, isNew)
    },
  }
}

interface Entered {
  request: SmsRequest
  phone: BroughtNumber
  session: OwnedSession | undefined
  client: SmsLoginRequest['client']
}

/** A merge ticket is named after the code that led to it, and codes of WeChat's have names of another form. */
const ticketNameOf = ({ id }: SmsRequest) => `sms:${id}`
