import { badOption } from '../errors/bad-option.ts'
import { checkObject, checkText } from '../internal/check.ts'
import { type Answer, type ApiCall, endpoint, otherFields } from '../internal/endpoint.ts'
import { isObject, readCount, unreadable } from '../internal/read-answer.ts'

/** A call whose quota is asked about. */
export interface QuotaInput {
  /** Path of the call, such as `/wxa/business/getuserphonenumber`; with neither host nor query. */
  readonly path: string
}

/** What {@link ApiCalls.getQuota} gives. Fields that WeChat adds are kept as they come. */
export interface QuotaResult {
  /** Calls per day; 0 where there is no limit. */
  readonly dailyLimit: number
  readonly used: number
  readonly remaining: number
  /** Calls within a span of seconds, where there is such a limit. */
  readonly rateLimit: { readonly callCount: number; readonly refreshS: number } | undefined
  readonly [field: string]: unknown
}

const get = endpoint('POST', '/cgi-bin/openapi/quota/get')

function cgiPath(input: QuotaInput) {
  return { body: { cgi_path: checkText('path', checkObject('the input', input).path) } }
}

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_getapiquota.html */
export const getQuota: ApiCall<QuotaInput, QuotaResult> = {
  endpoint: get,
  request: cgiPath,
  result(answer) {
    const quota = isObject(answer.quota) ? answer.quota : {}
    const dailyLimit = readCount(quota.daily_limit)
    const used = readCount(quota.used)
    const remaining = readCount(quota.remain)
    if (dailyLimit === undefined || used === undefined || remaining === undefined) {
      throw unreadable('a quota with its numbers', get, answer)
    }
    const rate = isObject(answer.rate_limit) ? answer.rate_limit : {}
    const callCount = readCount(rate.call_count)
    const refreshS = readCount(rate.refresh_second)
    const rateLimit = callCount === undefined || refreshS === undefined ? undefined : { callCount, refreshS }
    return { ...otherFields(answer, ['quota', 'rate_limit']), dailyLimit, used, remaining, rateLimit }
  },
}

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearapiquota.html */
export const clearApiQuota: ApiCall<QuotaInput, void> = {
  endpoint: endpoint('POST', '/cgi-bin/openapi/quota/clear', { repeatable: false }),
  request: cgiPath,
  result: () => {},
}

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearquota.html */
export const clearQuota: ApiCall<void, void> = {
  endpoint: endpoint('POST', '/cgi-bin/clear_quota', { repeatable: false }),
  request(_, appid) {
    if (appid !== undefined) return { body: { appid } }
    throw badOption('appid', {
      en: 'is needed by clearQuota: withAccessToken(token, { appid })',
      zh: '是 clearQuota 所必需的：withAccessToken(token, { appid })',
    })
  },
  result: () => {},
}

/**
 * The same with the AppSecret in place of a token, for when the token calls themselves are over their quota.
 *
 * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearquotabyappsecret.html
 */
export const clearQuotaWithSecret: ApiCall<{ appid: string; appSecret: string }, void> = {
  endpoint: endpoint('POST', '/cgi-bin/clear_quota/v2', { family: 'token', repeatable: false }),
  // WeChat's table puts them into the body and its sample into the query; a body does not end up in access logs.
  request: ({ appid, appSecret }) => ({ body: { appid, appsecret: appSecret } }),
  result: (_: Answer) => {},
}
