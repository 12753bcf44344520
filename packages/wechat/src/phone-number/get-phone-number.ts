import { WxRefusedDataError } from '../errors/index.ts'
import { type Answer, type CallInput, endpoint } from '../internal/endpoint.ts'
import { missing } from '../internal/read-answer.ts'
import type { SecretInput } from '../secret.ts'
import { checkPhoneCode } from './code-shape.ts'
import { type PhoneNumber, type RawPhoneNumber, toPhoneNumber } from './e164.ts'

/** What {@link App.getPhoneNumber} takes. */
export interface GetPhoneNumberInput {
  /** `e.detail.code` of the button event: works once, for five minutes from the tap. Not the code of `wx.login`. */
  readonly phoneCode: SecretInput
  /**
   * The openid of the user who is logged in. WeChat then checks that the phone code is of this user, so that a
   * code cannot be injected from another session. Leave it out only when you do not know it.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.md
   */
  readonly openid?: string | undefined
}

/** What {@link App.getPhoneNumber} gives. */
export interface GetPhoneNumberResult extends PhoneNumber {
  /** When the user agreed, by WeChat's watermark. */
  readonly capturedAt: Date
  /** The appid of the watermark; checked against the app that called. */
  readonly appid: string
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html */
export const getUserPhoneNumber = endpoint('POST', '/wxa/business/getuserphonenumber', {
  family: 'phone',
  repeatable: false,
  singleUse: true,
})

/** What goes to WeChat. */
export function phoneNumberRequest({ phoneCode, openid }: GetPhoneNumberInput): CallInput {
  const code = checkPhoneCode(phoneCode)
  return { body: openid === undefined ? { code } : { code, openid } }
}

/**
 * Reads what came back.
 *
 * @param appid - the app that called, when it is known
 */
export function phoneNumberResult(answer: Answer, appid: string | undefined): GetPhoneNumberResult {
  const info = answer.phone_info as (RawPhoneNumber & { watermark?: RawWatermark }) | undefined
  const number = info === undefined ? undefined : toPhoneNumber(info)
  if (number === undefined) throw missing('phone_info', getUserPhoneNumber)
  const watermark = info?.watermark
  if (typeof watermark?.appid !== 'string') throw missing('watermark.appid', getUserPhoneNumber)
  if (appid !== undefined && watermark.appid !== appid) throw new WxRefusedDataError('ERR_WX_APPID_MISMATCH')
  // Field by field: a spread costs more here than all the rest of a call's own work.
  const { e164, nationalNumber, countryCallingCode } = number
  const capturedAt = new Date(Number(watermark.timestamp) * 1000)
  return { e164, nationalNumber, countryCallingCode, capturedAt, appid: watermark.appid }
}

interface RawWatermark {
  readonly timestamp?: unknown
  readonly appid?: unknown
}
