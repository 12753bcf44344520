import type { World } from './world.ts'

/** How a consent ended, and what its request was answered. */
export interface Ending {
  state: 'used' | 'refused' | 'expired' | 'lost'
  cause: '' | 'expired' | 'double-tap' | 'lost' | 'never-sent' | 'unreadable'
  /** Of the request; `null` when none came. */
  outcome: string | null
  errcode: number | null
  isBilled: boolean
  /** A first request failed like this, and the same codes were sent again. */
  before?: { outcome: string; errcode: number | null }
  /** WeChat's typical time, in milliseconds. */
  wechatMs: number
}

const good: Ending = { state: 'used', cause: '', outcome: 'ok', errcode: null, isBilled: true, wechatMs: 90 }
const refusedBy = (outcome: string, errcode: number | null): Ending => ({
  ...good,
  state: 'refused',
  outcome,
  errcode,
  isBilled: false,
})
const retried = (outcome: string, errcode: number | null, wechatMs: number): Ending => ({
  ...good,
  before: { outcome, errcode },
  wechatMs,
})
const expired = (outcome: string | null, cause: Ending['cause'], errcode: number | null = null): Ending => ({
  ...good,
  state: 'expired',
  cause,
  outcome,
  errcode,
})

const everyday: readonly (readonly [Ending, number])[] = [
  [good, 9380],
  [retried('WECHAT_NO_ANSWER', null, 2000), 60],
  [retried('WECHAT_BUSY', -1, 700), 70],
  [refusedBy('PHONE_CODE_INVALID', 40029), 150],
  [{ ...refusedBy('IDENTITY_CONFLICT', null), isBilled: true }, 45],
  [{ ...refusedBy('PHONE_VERIFICATION_REQUIRED', null), isBilled: true }, 25],
  [{ ...refusedBy('PHONE_COUNTRY_NOT_ALLOWED', null), isBilled: true }, 8],
  [refusedBy('PHONE_APP_MISMATCH', 40013), 4],
  [refusedBy('USER_BLOCKED', 40226), 3],
  [expired(null, 'never-sent'), 130],
  [expired('STORE_UNAVAILABLE', 'expired'), 6],
  [{ ...good, cause: 'double-tap' }, 90],
  [{ ...good, state: 'lost', cause: 'lost', outcome: 'PHONE_CODE_LOST', errcode: 40029 }, 12],
  [{ ...good, state: 'lost', cause: 'unreadable', outcome: 'PHONE_UNREADABLE' }, 2],
]

const whileWeChatIsDown: readonly (readonly [Ending, number])[] = [
  [{ ...good, wechatMs: 1500 }, 30],
  [retried('WECHAT_BUSY', -1, 3000), 15],
  [retried('WECHAT_NO_ANSWER', null, 6000), 10],
  [expired('WECHAT_UNREACHABLE', 'expired'), 25],
  [expired('WECHAT_BUSY', 'expired', -1), 15],
  [{ ...good, state: 'lost', cause: 'lost', outcome: 'WECHAT_NO_ANSWER' }, 5],
]
const withAWrongSecret: readonly (readonly [Ending, number])[] = [
  [good, 6],
  [expired('WECHAT_MISCONFIGURED', 'expired', 40125), 94],
]
const withDoubleTaps: readonly (readonly [Ending, number])[] = [
  ...everyday,
  [{ ...good, cause: 'double-tap' }, 1500],
]

export function endingOf({ random, isDuring }: World, appid: string, atMs: number): Ending {
  if (isDuring('wechat-down', appid, atMs)) return random.weighted(whileWeChatIsDown)
  if (isDuring('wrong-secret', appid, atMs)) return random.weighted(withAWrongSecret)
  if (isDuring('double-taps', appid, atMs)) return random.weighted(withDoubleTaps)
  return random.weighted(everyday)
}

/** Requests that bring no paid code: their way, how they end, and how many there are for each hundred consents. */
export const others: readonly {
  way: 'login' | 'openid' | 'sms-send' | 'sms-login'
  perHundred: number
  endings: readonly (readonly [readonly [outcome: string, errcode: number | null], number])[]
}[] = [
  {
    way: 'login',
    perHundred: 30,
    endings: [
      [['ok', null], 970],
      [['LOGIN_CODE_INVALID', 40029], 22],
      [['LOGIN_CODE_INVALID', 40163], 4],
      [['RATE_LIMITED', null], 3],
      [['BAD_REQUEST', null], 1],
    ],
  },
  {
    way: 'openid',
    perHundred: 2,
    endings: [
      [['ok', null], 98],
      [['CLIENT_REQUIRED', null], 1],
      [['LOGIN_CODE_INVALID', 40029], 1],
    ],
  },
  {
    way: 'sms-send',
    perHundred: 2,
    endings: [
      [['ok', null], 94],
      [['RATE_LIMITED', null], 4],
      [['SMS_SEND_FAILED', null], 2],
    ],
  },
  {
    way: 'sms-login',
    perHundred: 2,
    endings: [
      [['ok', null], 90],
      [['SMS_CODE_WRONG', null], 8],
      [['SMS_CODE_OVER', null], 2],
    ],
  },
]

/** The same while a carrier takes no messages. */
export const carrierFailing: (typeof others)[number]['endings'] = [
  [['ok', null], 35],
  [['SMS_SEND_FAILED', null], 65],
]
