import { WxUsageError } from '../errors/index.ts'
import { type Answer, type ApiCall, endpoint, otherFields } from '../internal/endpoint.ts'
import { missing } from '../internal/read-answer.ts'

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

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_getapiquota.html */
export const getQuota: ApiCall<QuotaInput, QuotaResult> = {
  endpoint: get,
  request: ({ path }) => ({ body: { cgi_path: path } }),
  result(answer) {
    const quota = answer.quota as Record<string, unknown> | undefined
    if (quota === undefined) throw missing('quota', get)
    const rate = answer.rate_limit as Record<string, unknown> | undefined
    return {
      ...otherFields(answer, ['quota', 'rate_limit']),
      dailyLimit: Number(quota.daily_limit),
      used: Number(quota.used),
      remaining: Number(quota.remain),
      rateLimit: rate && { callCount: Number(rate.call_count), refreshS: Number(rate.refresh_second) },
    }
  },
}

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearapiquota.html */
export const clearApiQuota: ApiCall<QuotaInput, void> = {
  endpoint: endpoint('POST', '/cgi-bin/openapi/quota/clear', { repeatable: false }),
  request: ({ path }) => ({ body: { cgi_path: path } }),
  result: () => {},
}

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearquota.html */
export const clearQuota: ApiCall<void, void> = {
  endpoint: endpoint('POST', '/cgi-bin/clear_quota', { repeatable: false }),
  request(_, appid) {
    if (appid !== undefined) return { body: { appid } }
    throw new WxUsageError(
      'ERR_WX_BAD_OPTION',
      'clearQuota needs the appid: withAccessToken(token, { appid })',
    )
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
