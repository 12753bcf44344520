import type { LoginRequest, LoginResponse } from '@haoma/protocol'
import type { WeChat } from '@haoma/wechat'
import { unknownCode } from '../../exchange/code-errors.ts'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { Known, Spend } from '../../exchange/spend.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { MemberService, VerifiedPhone } from '../../members/service.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Database, Stores } from '../../stores/database.ts'
import type { AskWeChat } from './ask-wechat.ts'

export interface LoginService {
  /**
   * Signs a WeChat user in, with a phone number when a phone code is sent along. The same body sent again by the same
   * device within the life of its codes gives the same member and the same session.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `LOGIN_CODE_INVALID`, and all that an exchange throws.
   */
  login(request: LoginRequest, requestId?: string): Promise<LoginResponse>
}

export interface LoginServiceParts {
  db: Database
  wechat: WeChat
  ask: AskWeChat
  spend: Spend
  members: MemberService
  sessions: SessionService
}

export function createLoginService(parts: LoginServiceParts): LoginService {
  const { db, members, sessions } = parts

  /** Whom the login is for, and a session of theirs. */
  const signIn = async (
    stores: Stores,
    { appid }: LoginRequest,
    { user, phone, usedPhone }: Known<VerifiedPhone>,
  ) => {
    if (!user) throw new Error('a login without a user')
    const recognition = await members.recognize(stores, { appid, ...user }, phone)
    const memberId = usedPhone?.memberId
      ? await members.resolve(stores, usedPhone.memberId)
      : recognition.memberId
    if (recognition.isConflict) return { memberId, refused: new HaomaError('IDENTITY_CONFLICT') }
    const session = await sessions.open(stores, { memberId, appid, openid: user.openid })
    return { memberId, sessionId: session.id, done: session }
  }

  return {
    login: async (request, requestId) => {
      const { appid, loginCode, phoneCode, component = 'quick', client } = request
      refuseMixedUpCodes(request)
      if (!(await parts.wechat.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')
      const session = await parts.spend({
        appid,
        surface: 'login',
        sender: client?.deviceId ?? '',
        deviceId: client?.deviceId,
        clientVersion: client?.clientVersion,
        requestId,
        login: { code: loginCode, ask: () => parts.ask.user(appid, loginCode) },
        phone:
          phoneCode === undefined
            ? undefined
            : {
                code: phoneCode,
                component,
                ask: (openid) => parts.ask.phone(appid, { phoneCode, component, openid }),
              },
        settle: (stores, known) => signIn(stores, request, known),
        replay: async ({ sessionId, kind }) => {
          const session = sessionId === null ? undefined : await sessions.findLiving(sessionId)
          // Signed out since: the codes are worth nothing any more.
          if (!session) throw unknownCode(kind)
          return session
        },
      })
      const [member, view] = await Promise.all([members.view(db, session.memberId), sessions.issue(session)])
      return { member, session: view }
    },
  }
}
