import type { PhoneComponent } from '@haoma/protocol'
import type { WeChat } from '@haoma/wechat'
import type { SpendCode } from '../../exchange/spend-code.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { MemberService, WeChatUser } from '../../members/service.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { Database, Stores } from '../../stores/database.ts'

export interface PhoneExchange {
  user: WeChatUser
  phoneCode: string
  component: PhoneComponent | undefined
}

export interface PhoneService {
  /**
   * Exchanges a phone code and binds the number to the member of this WeChat user. The same code from the
   * same user gives the same member again, for as long as the code would live.
   *
   * @param finish - What else belongs into the transaction; runs once per call, also for a repeated code.
   * @throws {HaomaError} `PHONE_CODE_INVALID`, `PHONE_CODE_LOST`, `IDENTITY_CONFLICT`, `WECHAT_*` …
   */
  exchange<T>(exchange: PhoneExchange, finish: (stores: Stores, memberId: string) => Promise<T>): Promise<T>
}

export interface PhoneServiceParts {
  db: Database
  wechat: WeChat
  spendCode: SpendCode
  members: MemberService
  vault: PhoneVault
  clock: Clock
  wechatTimeoutMs: number
}

export function createPhoneService(parts: PhoneServiceParts): PhoneService {
  const { db, members, vault } = parts
  return {
    exchange: ({ user, phoneCode, component }, finish) =>
      parts.spendCode({
        kind: 'phone',
        appid: user.appid,
        code: phoneCode,
        openid: user.openid,
        component: component ?? 'quick',
        ask: async () => {
          const { e164, capturedAt } = await parts.wechat
            .app(user.appid)
            .getPhoneNumber({ phoneCode, openid: user.openid }, { timeoutMs: parts.wechatTimeoutMs })
          // A watermark without a readable time must not cost the number.
          return {
            ...vault.protect(e164),
            verifiedBy: component ?? 'quick',
            verifiedAtMs: capturedAt?.getTime() ?? parts.clock.now(),
          }
        },
        settle: async (stores, phone) => {
          const { memberId, isConflict } = await members.recognize(stores, user, phone)
          return isConflict
            ? {
                settlement: { state: 'refused', reason: 'IDENTITY_CONFLICT', memberId },
                done: undefined as never,
              }
            : { settlement: { state: 'used', memberId }, done: await finish(stores, memberId) }
        },
        replay: ({ memberId }) =>
          db.transaction(async (stores) => finish(stores, await members.resolve(stores, memberId as string))),
      }),
  }
}
