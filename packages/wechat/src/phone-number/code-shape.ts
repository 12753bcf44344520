import { WxUsageError } from '../errors/index.ts'
import { checkSecret } from '../internal/check.ts'
import type { SecretInput } from '../secret.ts'

// The codes are opaque in principle. Only the one mistake that people make is refused: one kind for the other.
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
const loginCodeShape = /^[0-9A-Za-z]{32}$/
const phoneCodeShape = /^[0-9a-f]{64}$/

/** Refuses what cannot be a phone code before it is sent. */
export function checkPhoneCode(phoneCode: SecretInput): string {
  const text = checkSecret('phoneCode', phoneCode).trim()
  if (loginCodeShape.test(text)) throw new WxUsageError('ERR_WX_LOGIN_CODE_AS_PHONE_CODE')
  return text
}

/** Refuses what cannot be a login code before it is sent. */
export function checkLoginCode(loginCode: SecretInput): string {
  const text = checkSecret('loginCode', loginCode).trim()
  if (phoneCodeShape.test(text)) throw new WxUsageError('ERR_WX_PHONE_CODE_AS_LOGIN_CODE')
  return text
}
