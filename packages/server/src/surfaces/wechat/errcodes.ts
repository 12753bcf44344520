import { randomBytes } from 'node:crypto'
import type { ErrorCode } from '@haoma/protocol'
import type { Clock } from '../../kernel/clock.ts'

/**
 * The refusals that the token paths give, with WeChat's own numbers and texts, so that every SDK reads them.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
export const errmsgs = {
  [-1]: 'system error',
  40002: 'invalid grant_type',
  40013: 'invalid appid',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40164: 'invalid ip',
  41002: 'appid missing',
  41004: 'appsecret missing',
  43002: 'require POST method',
  44002: 'empty post data',
  45002: 'content size out of limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  48001: 'api unauthorized',
} as const

export type Errcode = keyof typeof errmsgs

/** What one of our errors is in WeChat's words; the others are `-1`, which every SDK tries again. */
export const errcodeOf: Partial<Record<ErrorCode, Errcode>> = {
  CLIENT_REQUIRED: 40125,
  IP_NOT_ALLOWED: 40164,
  SCOPE_MISSING: 48001,
  UNKNOWN_APP: 40013,
  RATE_LIMITED: 45011,
  BODY_TOO_LARGE: 45002,
  NOT_FOUND: 40066,
}

/** Refuses a call as WeChat would: with HTTP 200 and an errcode. */
export class WeChatRefusal extends Error {
  override readonly name = 'WeChatRefusal'
  readonly errcode: Errcode
  constructor(errcode: Errcode) {
    super(errmsgs[errcode])
    this.errcode = errcode
  }
}

/** WeChat's id of a request: three groups of eight hex digits, the first of which is the time in seconds. */
export function createRid(clock: Clock): string {
  const random = randomBytes(8).toString('hex')
  const seconds = Math.floor(clock.now() / 1000).toString(16)
  return `${seconds.padStart(8, '0')}-${random.slice(0, 8)}-${random.slice(8)}`
}
