import type { LoginRequest, LoginResponse } from '@haoma/protocol'
import { unknownCode } from '../../exchange/code-errors.ts'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { Known, Spend } from '../../exchange/spend.ts'
import type { Asked } from '../../journal/trace.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { VerifiedPhone } from '../../members/arrival.ts'
import type { MemberService } from '../../members/service.ts'
import type { MergeTickets } from '../../members/tickets.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Database, Stores } from '../../stores/database.ts'
import type { CodeKind, CodeRecord } from '../../stores/exchange-store.ts'
import { type Arrivals, RefusedArrival, type SignedIn } from '../arrivals.ts'
import type { AskWeChat } from './ask-wechat.ts'
import { withOffer } from './kept-number.ts'

export interface LoginService {
  /**
   * Signs a WeChat user in, with a phone number when a phone code is sent along. The same body sent again within the
   * life of its codes, by the same device, gives the same member and the same session.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `LOGIN_CODE_INVALID`, and all that an exchange throws.
   */
  login(request: LoginRequest, asked?: Asked): Promise<LoginResponse>
}

export interface LoginServiceParts {
  db: Database
  /** Whether the service serves the mini program. */
  hasApp(appid: string): Promise<boolean>
  ask: AskWeChat
  spend: Spend
  keyOf(kind: CodeKind, appid: string, code: string): string
  arrivals: Arrivals
  members: MemberService
  sessions: SessionService
  tickets: MergeTickets
}

export function createLoginService(parts: LoginServiceParts): LoginService {
  const { db, arrivals, members, sessions, tickets } = parts

  const signIn = (
    stores: Stores,
    { appid, client }: LoginRequest,
    { user, phone, codeKey }: Known<VerifiedPhone> & { codeKey: string | undefined },
  ) => {
    if (!user) throw new TypeError('a login without a user')
    return arrivals.signIn(stores, {
      user: { appid, ...user },
      way: 'wechat',
      phone: phone && { ...phone, guideline: client?.guideline, codeKey },
      client,
    })
  }

  const signInAgain = async ({ sessionId, kind }: CodeRecord): Promise<SignedIn> => {
    const session = sessionId === null ? undefined : await sessions.findLiving(sessionId)
    // Signed out since: the codes are worth nothing any more.
    if (!session) throw unknownCode(kind)
    return { member: await members.view(db, session.memberId), session, isNew: false }
  }

  return {
    login: async (request, { requestId, trace } = {}) => {
      const { appid, loginCode, phoneCode, component = 'quick', client } = request
      refuseMixedUpCodes(request)
      if (!(await parts.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')
      const codeKey = phoneCode === undefined ? undefined : parts.keyOf('phone', appid, phoneCode)
      const exchanged = parts.spend<VerifiedPhone, SignedIn>({
        appid,
        surface: 'login',
        sender: client?.deviceId ?? '',
        deviceId: client?.deviceId,
        client,
        requestId,
        trace,
        login: { code: loginCode, ask: () => parts.ask.user(appid, loginCode) },
        phone:
          phoneCode === undefined
            ? undefined
            : {
                code: phoneCode,
                component,
                ask: async (openid) => {
                  const phone = await parts.ask.phone(appid, { phoneCode, component, openid })
                  trace?.number(phone.e164)
                  return phone
                },
              },
        settle: (stores, known) => signIn(stores, request, { ...known, codeKey }),
        replay: signInAgain,
      })
      try {
        const { member, session, isNew } = await withOffer(exchanged, { db, tickets, codeKey })
        return { member, session: await sessions.issue(session), isNew }
      } catch (error) {
        if (!(error instanceof RefusedArrival) || !error.signedIn) throw error
        const session = await sessions.issue(error.signedIn)
        throw new HaomaError(error.code, { cause: error, merge: error.merge, session })
      }
    },
  }
}
