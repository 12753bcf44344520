import type { ExchangeRequest, ExchangeResponse, PhoneComponent } from '@haoma/protocol'
import type { Sealer } from '../../crypto/sealer.ts'
import { unknownCode } from '../../exchange/code-errors.ts'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { LoginAnswer, Spend } from '../../exchange/spend.ts'
import type { Asked } from '../../journal/trace.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { CodeRecord } from '../../stores/exchange-store.ts'

/** Which back end asks. Only the same one gets the same answer again. */
export interface Asker {
  id: string
  mayActFor(appid: string): boolean
}

/** A number as WeChat gave it. */
export interface AskedNumber {
  e164: string
  nationalNumber: string
  countryCallingCode: string
  capturedAtMs: number
}

/** Codes for back ends that keep their own users: no member and no session of ours come of them. */
export interface BackEndExchange {
  /**
   * Exchanges a phone code for its number. The same code from the same back end gives the same number again for as long
   * as the code would live, so it may be sent again after any failure.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `PHONE_CODE_INVALID`, `PHONE_CODE_LOST`, `PHONE_UNREADABLE`, `WECHAT_*` …
   */
  exchange(request: ExchangeRequest, by: Asker, asked?: Asked): Promise<ExchangeResponse>
  /**
   * Exchanges a login code for the openid, in the same way. The session key stays behind.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `LOGIN_CODE_INVALID`, `WECHAT_*` …
   */
  openid(request: { appid: string; loginCode: string }, by: Asker, asked?: Asked): Promise<LoginAnswer>
}

export interface BackEndExchangeParts {
  /** Whether the service serves the mini program. */
  hasApp(appid: string): Promise<boolean>
  spend: Spend
  askUser(appid: string, loginCode: string): Promise<LoginAnswer>
  askNumber(appid: string, of: { phoneCode: string; openid: string | undefined }): Promise<AskedNumber>
  /** Keeps an answer for its repetition: an exchange without a member has no other place for it. */
  sealer: Sealer
  /** Keyed index of the masked form of a number, by which operators look for it. */
  maskedIndex(e164: string): string | undefined
}

export function createBackEndExchange(parts: BackEndExchangeParts): BackEndExchange {
  const { spend, sealer } = parts

  const requireApp = async (appid: string, by: Asker): Promise<void> => {
    const isKnown = by.mayActFor(appid) && (await parts.hasApp(appid))
    if (!isKnown) throw new HaomaError('UNKNOWN_APP')
  }

  return {
    exchange: async (
      { appid, phoneCode, openid, component = 'quick', client },
      by,
      { requestId, trace } = {},
    ) => {
      refuseMixedUpCodes({ phoneCode })
      await requireApp(appid, by)
      const context = `${by.id} ${appid}`
      return spend<AskedNumber, ExchangeResponse>({
        appid,
        surface: 'exchange',
        sender: by.id,
        deviceId: client?.deviceId,
        client,
        requestId,
        trace,
        openid,
        phone: {
          code: phoneCode,
          component,
          ask: async () => {
            const number = await parts.askNumber(appid, { phoneCode, openid })
            trace?.number(number.e164)
            return number
          },
        },
        settle: async (_stores, { phone }) => {
          if (phone === undefined) throw new Error('an exchange without an answer')
          return {
            done: toResponse(phone, component),
            answerSealed: sealer.seal(JSON.stringify(phone), context),
            maskedSubject: parts.maskedIndex(phone.e164),
          }
        },
        replay: async (used) => {
          if (used.answerSealed === null || (openid ?? null) !== used.openid) throw unknownCode('phone')
          const number: AskedNumber = JSON.parse(sealer.open(used.answerSealed, context))
          return toResponse(number, used.component ?? component)
        },
      })
    },

    openid: async ({ appid, loginCode }, by, { requestId, trace } = {}) => {
      refuseMixedUpCodes({ loginCode })
      await requireApp(appid, by)
      return spend<never, LoginAnswer>({
        appid,
        surface: 'exchange',
        sender: by.id,
        requestId,
        trace,
        login: { code: loginCode, ask: () => parts.askUser(appid, loginCode) },
        settle: async (_stores, { user }) => {
          if (user === undefined) throw new Error('a login without a user')
          return { done: user }
        },
        replay: async (used) => userOf(used),
      })
    },
  }
}

function toResponse(
  { e164, nationalNumber, countryCallingCode, capturedAtMs }: AskedNumber,
  component: PhoneComponent,
): ExchangeResponse {
  const capturedAt = new Date(capturedAtMs).toISOString()
  return { e164, nationalNumber, countryCallingCode, capturedAt, component }
}

function userOf({ openid, unionid }: CodeRecord): LoginAnswer {
  if (openid === null) throw unknownCode('login')
  return { openid, unionid: unionid ?? undefined }
}
