import type { MemberView, PhoneRequest } from '@haoma/protocol'
import type { WeChat } from '@haoma/wechat'
import { unknownCode } from '../../exchange/code-errors.ts'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { Spend } from '../../exchange/spend.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { MemberService } from '../../members/service.ts'
import type { Database } from '../../stores/database.ts'
import type { Session } from '../../stores/session-store.ts'
import type { AskWeChat } from './ask-wechat.ts'

export interface PhoneService {
  /**
   * Exchanges a phone code and binds the number to the member of this session. The same code from the same session
   * gives the same member again, for as long as the code would live.
   *
   * @throws {HaomaError} `PHONE_CODE_INVALID`, `PHONE_CODE_LOST`, `PHONE_UNREADABLE`, `IDENTITY_CONFLICT`, `WECHAT_*` …
   */
  bind(session: Session, request: PhoneRequest, requestId?: string): Promise<MemberView>
}

export interface PhoneServiceParts {
  db: Database
  wechat: WeChat
  ask: AskWeChat
  spend: Spend
  members: MemberService
}

export function createPhoneService({ db, wechat, ask, spend, members }: PhoneServiceParts): PhoneService {
  return {
    bind: async (session, { phoneCode, component = 'quick', client }, requestId) => {
      const { appid, openid, deviceId } = session
      // A session without a WeChat user has no phone button.
      if (openid === null) throw new HaomaError('SESSION_REQUIRED')
      refuseMixedUpCodes({ phoneCode })
      if (!(await wechat.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')
      const memberId = await spend({
        appid,
        surface: 'login',
        sender: deviceId ?? '',
        deviceId: deviceId ?? undefined,
        clientVersion: client?.clientVersion,
        requestId,
        openid,
        phone: {
          code: phoneCode,
          component,
          ask: () => ask.phone(appid, { phoneCode, component, openid }),
        },
        settle: async (stores, { phone }) => {
          const { memberId, isConflict } = await members.recognize(stores, { appid, openid }, phone)
          if (isConflict) return { memberId, refused: new HaomaError('IDENTITY_CONFLICT') }
          return { memberId, sessionId: session.id, done: memberId }
        },
        replay: async ({ memberId }) => {
          if (memberId === null) throw unknownCode('phone')
          return members.resolve(db, memberId)
        },
      })
      return members.view(db, memberId)
    },
  }
}
