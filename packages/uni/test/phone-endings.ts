import type { LocalReason } from '../src/endings.ts'

/** How a tap ends without a code, in the words of real clients, and what it is for us. */
export interface PhoneEndingRow {
  /** The simulator's name of it. */
  name: string
  /** What follows `getPhoneNumber:` in `errMsg`. */
  tail: string
  errno?: number
  reason: LocalReason
}

const row = (name: string, tail: string, reason: LocalReason, errno?: number): PhoneEndingRow => ({
  name,
  tail,
  reason,
  ...(errno !== undefined && { errno }),
})

/** Every wording that the simulator can order; a test compares the names. */
export const phoneEndings: PhoneEndingRow[] = [
  row('deny-space', 'fail user deny', 'denied'),
  row('deny-colon', 'fail:user deny', 'denied'),
  row('deny-old', 'user deny', 'denied'),
  row('cancel-space', 'fail user cancel', 'denied'),
  row('cancel-colon', 'fail:user cancel', 'denied'),
  row('cancel-bind', 'fail:cancel to bind phone', 'denied'),
  row('cancel-login', 'fail:cancel to confirm login', 'denied'),
  row('auth-deny', 'fail auth deny', 'denied'),
  row('no-permission', 'fail no permission', 'no-permission'),
  row('no-permission-zh', 'fail 该 appid 没有权限', 'no-permission'),
  row('no-permission-zh-error', 'fail Error: 该 appid 没有权限', 'no-permission'),
  row('api-banned', 'fail appid privacy api banned', 'permission-withdrawn'),
  row('not-bound-zh', 'fail 用户未绑定手机，请先在微信客户端进行绑定后重试', 'number-not-bound'),
  row(
    'not-bound-en',
    'fail The user is not bound to the mobile phone. Please try again after binding on the WeChat client',
    'number-not-bound',
  ),
  row(
    'needs-verification-zh',
    'fail 用户绑定的手机需要进行验证，请在客户端完成短信验证步骤',
    'number-unverified',
  ),
  row(
    'needs-verification-zh-error',
    'fail Error: 用户绑定的手机需要进行验证，请在客户端完成短信验证步骤',
    'number-unverified',
  ),
  row(
    'needs-verification-en',
    'fail Error: The mobile phone user bound needs to be verified. Please complete the SMS verification step on the client',
    'number-unverified',
  ),
  row('too-old-zh', 'fail 当前微信版本过低，无法使用该功能，请升级到最新微信版本后重试', 'client-too-old'),
  row(
    'too-old-en',
    'fail The current WeChat version is too low to use this feature. Please update WeChat and try again',
    'client-too-old',
  ),
  row('privacy-not-agreed', 'fail privacy permission is not authorized', 'privacy', 104),
  row('privacy-refused', 'fail privacy permission is not authorized', 'denied', 103),
  row(
    'privacy-not-declared',
    'fail api scope is not declared in the privacy agreement',
    'privacy-not-declared',
    112,
  ),
  row('errno-102', 'fail', 'unknown', 102),
  row('no-quota', 'fail no quota', 'quota', 1_400_001),
  row('time-out', 'fail time out', 'late'),
  row('request-timeout', 'fail request timeout', 'late'),
  row('no-openid', 'sendOpenReq:fail:no openid', 'unknown', 10_100_005),
]

/** One of each kind. */
export const oneOfEach = [...new Map(phoneEndings.map((each) => [each.reason, each])).values()]
