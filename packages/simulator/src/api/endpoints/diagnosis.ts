import { text } from '../../text.ts'
import { ok, refuse } from '../answer.ts'
import { type Endpoint, type TokenAuth, UNPUBLISHED } from '../endpoint.ts'

const RID_KEPT_MS = 7 * 86_400_000

const auth: TokenAuth = { kind: 'access-token', needs: 'any', isSignable: false }

/** Looks a request up by its rid: request and answer in full, phone numbers included, as WeChat shows them. */
export const getRid: Endpoint = {
  path: '/cgi-bin/openapi/rid/get',
  method: 'POST',
  family: 'cgi-bin',
  auth: { ...auth, isSignable: true },
  quota: UNPUBLISHED,
  handle({ model, app, body, nowMs }) {
    const { rid } = body
    if (typeof rid !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/.test(rid)) {
      return refuse(76002, text('rid 的写法不对', 'this is not the form of a rid'))
    }
    const entry = model.log.findByRid(rid)
    if (!entry)
      return refuse(
        76001,
        text('没有这个 rid（或记录已关闭、已滚动）', 'no such rid, or the log is off or has moved on'),
      )
    if (entry.appid !== app.appid)
      return refuse(76003, text('rid 属于别的账号', 'the rid is of another account'))
    if (nowMs - entry.atMs > RID_KEPT_MS)
      return refuse(76004, text('rid 已超过 7 天', 'the rid is older than 7 days'))
    return ok({
      errcode: 0,
      errmsg: 'ok',
      request: {
        invoke_time: Math.floor(entry.atMs / 1000),
        cost_in_ms: Math.ceil(entry.tookMs),
        request_url: entry.query === '' ? entry.path : `${entry.path}?${entry.query}`,
        request_body: entry.requestBody,
        response_body: entry.responseBody,
        client_ip: entry.clientIp,
      },
    })
  },
}

/** Addresses from the ranges that are kept for documentation. */
const ADDRESSES = ['192.0.2.10', '192.0.2.11', '198.51.100.10', '198.51.100.11']

const ipList = (path: string): Endpoint => ({
  path,
  method: 'GET',
  family: 'cgi-bin',
  auth,
  quota: UNPUBLISHED,
  handle: () => ok({ ip_list: ADDRESSES }),
})

export const getApiDomainIp = ipList('/cgi-bin/get_api_domain_ip')
export const getCallbackIp = ipList('/cgi-bin/getcallbackip')

const OPERATORS = ['CHINANET', 'UNICOM', 'CAP', 'DEFAULT']

export const checkCallback: Endpoint = {
  path: '/cgi-bin/callback/check',
  method: 'POST',
  family: 'cgi-bin',
  auth,
  quota: UNPUBLISHED,
  handle({ body }) {
    const { action, check_operator: operator } = body
    if (!['dns', 'ping', 'all'].includes(String(action)) || !OPERATORS.includes(String(operator))) {
      return refuse(
        40097,
        text('action 或 check_operator 不对', 'action or check_operator is not one of the known'),
      )
    }
    const dns = ADDRESSES.map((ip) => ({ ip, real_operator: 'CHINANET' }))
    const ping = ADDRESSES.map((ip) => ({
      ip,
      from_operator: operator,
      package_loss: '0%',
      time: '23.079ms',
    }))
    return ok({ ...(action === 'ping' ? {} : { dns }), ...(action === 'dns' ? {} : { ping }) })
  },
}
