import { WxRefusedDataError } from '../errors/index.ts'
import { checkObject, checkText } from '../internal/check.ts'
import { type Answer, type CallInput, endpoint } from '../internal/endpoint.ts'
import { isObject, readTime, unreadable } from '../internal/read-answer.ts'
import { createSecret, type SecretInput } from '../secret.ts'
import { checkPhoneCode } from './code-shape.ts'
import { type PhoneNumber, toPhoneNumber } from './e164.ts'

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
  /** When the user agreed, by WeChat's watermark; `undefined` when that has no time. */
  readonly capturedAt: Date | undefined
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
export function phoneNumberRequest(input: GetPhoneNumberInput): CallInput {
  const { phoneCode, openid } = checkObject('the input of getPhoneNumber', input)
  const code = checkPhoneCode(phoneCode)
  return { body: openid === undefined ? { code } : { code, openid: checkText('openid', openid) } }
}

/**
 * Reads what came back. What cannot be read is kept whole in the error: the code is spent, and paid for.
 *
 * @param appid - the app that called, when it is known
 */
export function phoneNumberResult(answer: Answer, appid: string | undefined): GetPhoneNumberResult {
  const info = answer.phone_info
  const number = isObject(info) ? toPhoneNumber(info) : undefined
  if (!isObject(info) || number === undefined) throw lacks('phone_info with a number', answer)
  const { watermark } = info
  if (!isObject(watermark) || typeof watermark.appid !== 'string') throw lacks('watermark.appid', answer)
  if (appid !== undefined && watermark.appid !== appid) {
    throw new WxRefusedDataError('ERR_WX_APPID_MISMATCH', { answer: createSecret(JSON.stringify(answer)) })
  }
  // Field by field: a spread costs more here than all the rest of a call's own work.
  const { e164, nationalNumber, countryCallingCode } = number
  const capturedAt = readTime(watermark.timestamp)
  return { e164, nationalNumber, countryCallingCode, capturedAt, appid: watermark.appid }
}

function lacks(what: string, answer: Answer): Error {
  return unreadable(what, getUserPhoneNumber, answer)
}
