import type { Text } from '../../text.ts'
import { text } from '../../text.ts'
import { type Answer, ok, refuse } from '../answer.ts'
import { type Endpoint, limitsOf, type ReadyCall, type TokenAuth, UNPUBLISHED } from '../endpoint.ts'

/** Clears a month, of both clear_quota calls together. */
const CLEARS_A_MONTH = 10
/** Clears of single paths a month. */
const PATH_CLEARS_A_MONTH = 50

const auth: TokenAuth = { kind: 'access-token', needs: 'any', isSignable: true }
const DONE = ok({ errcode: 0, errmsg: 'ok' })

/** @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/ */
export const clearQuota: Endpoint = {
  path: '/cgi-bin/clear_quota',
  method: 'POST',
  family: 'cgi-bin',
  auth,
  quota: UNPUBLISHED,
  handle: (call) =>
    call.body.appid === call.app.appid
      ? clearAll(call)
      : refuse(40013, text('appid 不是 token 的账号', 'appid is not the account of the token')),
}

export const clearQuotaV2: Endpoint = {
  path: '/cgi-bin/clear_quota/v2',
  method: 'POST',
  family: 'cgi-bin',
  auth: { kind: 'app-secret', in: 'either', secretField: 'appsecret', whitelist: 'guarded' },
  quota: UNPUBLISHED,
  handle: clearAll,
}

function clearAll({ model, app }: ReadyCall): Answer {
  if (!model.quotas.takeMonthly(app.appid, 'clear_quota', CLEARS_A_MONTH)) {
    return refuse(48006, text('本月 10 次清零已用完', 'the 10 clears of this month are used up'))
  }
  model.quotas.clear(app.appid)
  model.accessTokens.clearForceQuota(app.appid)
  return DONE
}

/** Endpoints that look at other endpoints; made from the list of those. */
export function createQuotaEndpoints(endpoints: readonly Endpoint[]): Endpoint[] {
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]))
  const withPath = (call: ReadyCall, answer: (endpoint: Endpoint) => Answer): Answer => {
    const found = findEndpoint(byPath, call.body.cgi_path)
    return 'errcode' in found ? refuse(found.errcode, found.why) : answer(found)
  }
  return [
    {
      path: '/cgi-bin/openapi/quota/get',
      method: 'POST',
      family: 'cgi-bin',
      auth,
      quota: UNPUBLISHED,
      handle: (call) => withPath(call, (endpoint) => describeQuota(call, endpoint)),
    },
    {
      path: '/cgi-bin/openapi/quota/clear',
      method: 'POST',
      family: 'cgi-bin',
      auth,
      quota: UNPUBLISHED,
      handle: (call) =>
        withPath(call, ({ path }) => {
          if (!call.model.quotas.takeMonthly(call.app.appid, 'quota/clear', PATH_CLEARS_A_MONTH)) {
            return refuse(45009, text('本月 50 次清零已用完', 'the 50 clears of this month are used up'))
          }
          call.model.quotas.clear(call.app.appid, path)
          return DONE
        }),
    },
  ]
}

function findEndpoint(
  byPath: ReadonlyMap<string, Endpoint>,
  cgiPath: unknown,
): Endpoint | { errcode: number; why: Text } {
  if (typeof cgiPath !== 'string')
    return { errcode: 47001, why: text('缺少 cgi_path', 'cgi_path is missing') }
  if (!cgiPath.startsWith('/'))
    return { errcode: 76003, why: text('cgi_path 应以 / 开头', 'cgi_path starts with /') }
  const endpoint = byPath.get(cgiPath)
  if (!endpoint) return { errcode: 76021, why: text('没有这个接口', 'there is no such path') }
  if (endpoint.family === 'sns')
    return { errcode: 76022, why: text('/sns 的额度不可查', '/sns paths cannot be asked for') }
  return endpoint
}

function describeQuota({ model, app }: ReadyCall, endpoint: Endpoint): Answer {
  const { daily, perMinute } = limitsOf(endpoint, app, model.switches)
  const used = model.quotas.used(app.appid, endpoint.path)
  const rateLimit = { call_count: perMinute, refresh_second: 60 }
  return ok({
    errcode: 0,
    errmsg: 'ok',
    quota: { daily_limit: daily, used, remain: Math.max(0, daily - used) },
    rate_limit: rateLimit,
    component_rate_limit: rateLimit,
  })
}
