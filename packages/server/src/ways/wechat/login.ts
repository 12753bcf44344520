import type { LoginRequest, LoginResponse } from '@haoma/protocol'
import type { WeChat } from '@haoma/wechat'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { SpendCode } from '../../exchange/spend-code.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { MemberService, WeChatUser } from '../../members/service.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Database, Stores } from '../../stores/database.ts'
import type { PhoneService } from './bind-phone.ts'

export interface LoginService {
  /**
   * Signs a WeChat user in, with a phone number when a phone code is sent along. The same body sent again
   * within the life of its codes gives the same member, and a session of its own.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `LOGIN_CODE_INVALID`, and all that an exchange throws.
   */
  login(request: LoginRequest): Promise<LoginResponse>
}

export interface LoginServiceParts {
  db: Database
  wechat: WeChat
  spendCode: SpendCode
  members: MemberService
  phones: PhoneService
  sessions: SessionService
  wechatTimeoutMs: number
}

export function createLoginService(parts: LoginServiceParts): LoginService {
  const { db, wechat, members, sessions } = parts

  /** Spends the login code; `finish` is part of the transaction. */
  const spendLoginCode = <T>(
    { appid, loginCode }: LoginRequest,
    finish: (stores: Stores, user: WeChatUser) => Promise<T>,
  ): Promise<T> =>
    parts.spendCode({
      kind: 'login',
      appid,
      code: loginCode,
      openid: null,
      component: null,
      ask: async () => {
        // The session key is left behind here: the service has no use for it and must not store it.
        const { openid, unionid } = await wechat
          .app(appid)
          .code2Session({ loginCode }, { timeoutMs: parts.wechatTimeoutMs })
        return { openid, unionid }
      },
      settle: async (stores, { openid, unionid }) => ({
        settlement: { state: 'used', openid, unionid },
        done: await finish(stores, { appid, openid, unionid }),
      }),
      replay: ({ openid, unionid }) =>
        db.transaction((stores) =>
          finish(stores, { appid, openid: openid as string, unionid: unionid ?? undefined }),
        ),
    })

  const openSession = async (stores: Stores, user: WeChatUser, memberId: string) => ({
    session: await sessions.open(stores, { memberId, appid: user.appid, openid: user.openid }),
    member: await members.view(stores, memberId),
  })

  return {
    login: async (request) => {
      const { appid, phoneCode, component } = request
      refuseMixedUpCodes(request)
      if (!(await wechat.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')

      const signIn = async () => {
        if (phoneCode === undefined) {
          return spendLoginCode(request, async (stores, user) => {
            const { memberId } = await members.recognize(stores, user)
            return openSession(stores, user, memberId)
          })
        }
        const user = await spendLoginCode(request, async (_stores, user) => user)
        return parts.phones.exchange({ user, phoneCode, component }, (stores, memberId) =>
          openSession(stores, user, memberId),
        )
      }
      const { session, member } = await signIn()
      return { member, session: await sessions.issue(session) }
    },
  }
}
