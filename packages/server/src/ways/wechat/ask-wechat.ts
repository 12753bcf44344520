import type { PhoneComponent } from '@haoma/protocol'
import { isWxError, type WeChat } from '@haoma/wechat'
import type { LoginAnswer } from '../../exchange/spend.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { VerifiedPhone } from '../../members/arrival.ts'

/** The two questions that a single-use code is spent on. */
export interface AskWeChat {
  /** Whose login code it is. The session key is left behind here: the service has no use for it and must not store it. */
  user(appid: string, loginCode: string): Promise<LoginAnswer>
  /** The number of a phone code, as WeChat gave it. */
  number(appid: string, of: { phoneCode: string; openid: string | undefined }): Promise<AskedNumber>
  /** The number of a phone code. */
  phone(
    appid: string,
    of: { phoneCode: string; component: PhoneComponent; openid: string | undefined },
  ): Promise<VerifiedPhone>
}

export interface AskedNumber {
  /** With leading `+`. */
  e164: string
  nationalNumber: string
  countryCallingCode: string
  /** When the user acted, by WeChat's watermark. */
  capturedAtMs: number
}

export interface AskWeChatParts {
  wechat: WeChat
  clock: Clock
  timeoutMs: number
  /** Whether WeChat is told whose the phone code must be. */
  bindOpenid: boolean
}

/**
 * WeChat does not document what it makes of an openid beside a phone code; one report has it refused like this. The code
 * is not touched by that.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
 */
const ERRCODE_BAD_PARAMETERS = 47001

export function createAskWeChat({ wechat, clock, timeoutMs, bindOpenid }: AskWeChatParts): AskWeChat {
  const getPhoneNumber = async (appid: string, phoneCode: string, openid: string | undefined) => {
    const app = wechat.app(appid)
    if (!bindOpenid || openid === undefined) return app.getPhoneNumber({ phoneCode }, { timeoutMs })
    try {
      return await app.getPhoneNumber({ phoneCode, openid }, { timeoutMs })
    } catch (error) {
      const isOpenidRefused =
        isWxError(error) && 'errcode' in error && error.errcode === ERRCODE_BAD_PARAMETERS
      if (!isOpenidRefused) throw error
      return app.getPhoneNumber({ phoneCode }, { timeoutMs })
    }
  }

  const askNumber: AskWeChat['number'] = async (appid, { phoneCode, openid }) => {
    const { e164, nationalNumber, countryCallingCode, capturedAt } = await getPhoneNumber(
      appid,
      phoneCode,
      openid,
    )
    // A watermark without a readable time must not cost the number.
    const capturedAtMs = capturedAt?.getTime() || clock.now()
    return { e164, nationalNumber, countryCallingCode, capturedAtMs }
  }

  return {
    user: async (appid, loginCode) => {
      const { openid, unionid } = await wechat.app(appid).code2Session({ loginCode }, { timeoutMs })
      return { openid, unionid }
    },
    number: askNumber,
    phone: async (appid, { phoneCode, component, openid }) => {
      const { e164, capturedAtMs } = await askNumber(appid, { phoneCode, openid })
      return { e164, verifiedBy: component, verifiedAtMs: capturedAtMs }
    },
  }
}
