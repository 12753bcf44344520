import { hasPhonePermission } from '../model/apps.ts'
import { text } from '../text.ts'
import { type Answer, refuse } from './answer.ts'
import { checkCredentials } from './credentials.ts'
import { type ApiCall, isPostOfGet, limitsOf, type ReadyCall, type TokenAuth } from './endpoint.ts'
import { parseObject } from './json.ts'
import { openSecuredRequest } from './secured-calls.ts'

/** A check lets a call pass, or answers in its place. */
type Check = (call: ApiCall) => Answer | undefined

/**
 * Runs the checks in WeChat's order and then the endpoint.
 *
 * The order is inferred, not documented; the switch `check-order` has the other likely one.
 */
export function answerCall(call: ApiCall): Answer {
  for (const check of checksOf(call)) {
    const refused = check(call)
    if (refused) {
      call.endpoint.onRefused?.(call)
      return refused
    }
  }
  // Every list of checks ends with the account known, or with a refusal.
  return call.endpoint.handle(call as ReadyCall)
}

const checkScheme: Check = ({ isSecure, model }) =>
  isSecure || model.switches.get('plain-http') === 'accepted'
    ? undefined
    : refuse(43003, text('应使用 HTTPS', 'HTTPS is required'))

const checkMethod: Check = (call) => {
  const { method, endpoint } = call
  if (method === endpoint.method || isPostOfGet(call)) return undefined
  const errcode = endpoint.method === 'POST' ? 43002 : 43001
  return refuse(errcode, text(`应使用 ${endpoint.method}`, `the method is ${endpoint.method}`))
}

const checkToken: Check = (call) => {
  const accessToken = call.query.get('access_token')
  if (!accessToken) {
    return refuse(41001, text('查询串里没有 access_token', 'no access_token in the query'))
  }
  const { accessTokens, switches } = call.model
  const token = accessTokens.find(accessToken)
  const state = accessTokens.stateOf(token)
  if (state === 'expired') return refuse(42001, text('token 已过 2 小时', 'the token is past its 2 hours'))
  if (state === 'superseded') {
    return refuse(40001, text('token 已被新的取代', 'a newer token has taken the place of this one'))
  }
  if (!token || state === 'unknown') {
    const isMalformed = !/^\d+_[\w-]{100,}$/.test(accessToken)
    return refuse(
      isMalformed ? Number(switches.get('malformed-token')) : 40001,
      text('没有发过这个 token', 'this token was never issued'),
    )
  }
  const app = call.model.apps.find(token.appid)
  if (!app) return refuse(40001, text('token 的账号已删除', 'the account of the token is gone'))
  call.token = token
  call.app = app
  return undefined
}

const checkPermission: Check = ({ app, endpoint }) => {
  const { needs } = endpoint.auth as TokenAuth
  if (!app || needs === 'any') return undefined
  if (app.accountType !== 'mini-program') {
    return refuse(48001, text('这是公众号的 token', 'the token is of an official account'))
  }
  if (needs === 'phone' && !hasPhonePermission(app)) {
    return refuse(
      48001,
      text('个人或未认证账号没有此权限', 'personal and unverified accounts lack the permission'),
    )
  }
  return undefined
}

const checkQuota: Check = ({ app, endpoint, model }) => {
  if (!app) return undefined
  const limits = limitsOf(endpoint, app, model.switches)
  const reached = model.quotas.take(app.appid, endpoint.path, limits)
  if (reached === 'daily') {
    const why = text(`当天 ${limits.daily} 次已用完`, `the ${limits.daily} calls of the day are used up`)
    return refuse(45009, why, { errmsg: endpoint.overQuotaErrmsg })
  }
  if (reached === 'minute') {
    const why = text(
      `这一分钟 ${limits.perMinute} 次已用完`,
      `the ${limits.perMinute} calls of this minute are used up`,
    )
    return refuse(45011, why)
  }
  return undefined
}

const checkBody: Check = (call) => {
  if (call.endpoint.method === 'GET' || call.signedUrl !== undefined) return undefined
  if (call.rawBody === '') return refuse(44002, text('请求体为空', 'the body is empty'))
  const body = parseObject(call.rawBody) ?? parseForm(call)
  if (!body)
    return refuse(47001, text('请求体不是 JSON 对象', 'the body is not a JSON object'), { hint: true })
  call.body = body
  return undefined
}

/** A form as an object, for the endpoint of which it is not known whether it takes one. */
function parseForm({
  endpoint: { formSwitch },
  model,
  rawBody,
}: ApiCall): Record<string, string> | undefined {
  const isTaken = formSwitch !== undefined && model.switches.get(formSwitch) === 'answered'
  return isTaken && /^\w+=/.test(rawBody) ? Object.fromEntries(new URLSearchParams(rawBody)) : undefined
}

const ENVELOPE = ['iv', 'data', 'authtag']

/** An encrypted body is an invalid argument where API security is off. */
const checkNotEncrypted: Check = ({ app, body, endpoint, signedUrl }) =>
  endpoint.auth.kind === 'access-token' &&
  endpoint.auth.isSignable &&
  signedUrl === undefined &&
  app?.apiSecurity === null &&
  ENVELOPE.every((field) => typeof body[field] === 'string')
    ? refuse(40097, text('未开启 API 安全却收到加密请求', 'an encrypted body, and API security is off'))
    : undefined

const common = [checkScheme, checkMethod]
const tokenFirst = [
  ...common,
  checkToken,
  checkPermission,
  openSecuredRequest,
  checkQuota,
  checkBody,
  checkNotEncrypted,
]
const bodyFirst = [
  ...common,
  checkBody,
  checkToken,
  checkPermission,
  openSecuredRequest,
  checkNotEncrypted,
  checkQuota,
]
const secretInBody = [...common, checkBody, checkCredentials, checkQuota]
const secretElsewhere = [...common, checkCredentials, checkQuota]

function checksOf({ endpoint: { auth }, model }: ApiCall): readonly Check[] {
  if (auth.kind === 'unknown') return [checkScheme]
  if (auth.kind === 'app-secret') return auth.in === 'body' ? secretInBody : secretElsewhere
  return model.switches.get('check-order') === 'token-first' ? tokenFirst : bodyFirst
}
