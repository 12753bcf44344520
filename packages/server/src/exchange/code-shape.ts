import { HaomaError } from '../kernel/errors.ts'

/**
 * Codes are opaque in principle, yet the two kinds have looked the same for years, and mixing them up is the
 * most common mistake of all. WeChat would answer 40029 to both.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
const shapes = { login: /^[0-9A-Za-z]{32}$/, phone: /^[0-9a-f]{64}$/ }

/**
 * Refuses a code that looks like one of the other kind, before anything is spent.
 *
 * @throws {HaomaError} `PHONE_CODE_AS_LOGIN_CODE`, `LOGIN_CODE_AS_PHONE_CODE`.
 */
export function refuseMixedUpCodes({
  loginCode,
  phoneCode,
}: {
  loginCode?: string
  phoneCode?: string | undefined
}) {
  if (loginCode !== undefined && shapes.phone.test(loginCode))
    throw new HaomaError('PHONE_CODE_AS_LOGIN_CODE')
  if (phoneCode !== undefined && shapes.login.test(phoneCode))
    throw new HaomaError('LOGIN_CODE_AS_PHONE_CODE')
}
