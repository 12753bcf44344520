import type { LocalReason } from './local-reasons.ts'
import type { PhoneEventDetail } from './platform/platform.ts'

/**
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html for 1400001
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html for 104, 112
 */
const reasonOfErrno: Record<number, LocalReason> = {
  104: 'privacy',
  112: 'privacy-not-declared',
  1400001: 'quota',
}

// In order: the first family that fits wins. The wording differs by client and version ("fail user deny",
// "fail:user deny", "fail auth deny" …), so no whole message is ever compared.
const reasonOfText: [RegExp, LocalReason][] = [
  [/deny|cancel/i, 'denied'],
  [/no permission/i, 'no-permission'],
  [/not declared/i, 'privacy-not-declared'],
  [/privacy/i, 'privacy'],
  [/time ?out/i, 'late'],
]

/** The phone code of an event, or why there is none. */
export function readPhoneEvent(detail: PhoneEventDetail): { phoneCode: string } | { reason: LocalReason } {
  const { code, errno, errMsg = '' } = detail
  if (typeof code === 'string' && code.length > 0) return { phoneCode: code }
  const byErrno = errno === undefined ? undefined : reasonOfErrno[errno]
  return { reason: byErrno ?? reasonOfText.find(([family]) => family.test(errMsg))?.[1] ?? 'unknown' }
}
