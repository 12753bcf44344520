import { checkObject, checkText } from '../internal/check.ts'
import { type ApiCall, endpoint, otherFields } from '../internal/endpoint.ts'
import { isObject, readCount, readTime, unreadable } from '../internal/read-answer.ts'
import { createSecret, type Secret } from '../secret.ts'

/** What {@link ApiCalls.getRid} takes. */
export interface RidInput {
  /** Request id of an error, kept by WeChat for seven days. */
  readonly rid: string
}

/** What {@link ApiCalls.getRid} gives. The texts hold tokens and phone numbers, so they do not print. */
export interface RidResult {
  readonly invokedAt: Date | undefined
  readonly costMs: number | undefined
  readonly clientIp: string
  readonly requestUrl: Secret
  readonly requestBody: Secret
  readonly responseBody: Secret
  readonly [field: string]: unknown
}

const get = endpoint('POST', '/cgi-bin/openapi/rid/get')

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_getridinfo.html */
export const getRid: ApiCall<RidInput, RidResult> = {
  endpoint: get,
  request: (input) => ({ body: { rid: checkText('rid', checkObject('the input of getRid', input).rid) } }),
  result(answer) {
    const seen = answer.request
    if (!isObject(seen)) throw unreadable('a request', get, answer)
    const read = ['invoke_time', 'cost_in_ms', 'client_ip', 'request_url', 'request_body', 'response_body']
    return {
      ...otherFields(seen, read),
      invokedAt: readTime(seen.invoke_time),
      costMs: readCount(seen.cost_in_ms),
      clientIp: String(seen.client_ip ?? ''),
      requestUrl: createSecret(String(seen.request_url ?? '')),
      requestBody: createSecret(String(seen.request_body ?? '')),
      responseBody: createSecret(String(seen.response_body ?? '')),
    }
  },
}
