import type { App } from '../model/apps.ts'
import { text } from '../text.ts'
import { type Answer, refuse } from './answer.ts'
import { type ApiCall, queryField, type SecretAuth, stringField } from './endpoint.ts'
import { isWhitelisted } from './ip-whitelist.ts'
import { parseObject } from './json.ts'

/**
 * Checks appid, AppSecret and what hangs on them, for the calls that carry the secret itself.
 *
 * The appid comes first: with an unknown one, even a missing grant_type answers 40013. One probe says so; the switch
 * `credentials-order` has the other order.
 */
export function checkCredentials(call: ApiCall): Answer | undefined {
  const auth = call.endpoint.auth as SecretAuth
  const field = fieldReader(call, auth)
  const refusedGrant =
    auth.grantType === undefined || field('grant_type') === auth.grantType
      ? undefined
      : refuse(40002, text(`grant_type 应为 ${auth.grantType}`, `grant_type is ${auth.grantType}`))
  if (refusedGrant && call.model.switches.get('credentials-order') === 'grant-type-first') return refusedGrant
  const appid = field('appid')
  if (!appid) return refuse(41002, text('缺少 appid', 'appid is missing'))
  const app = call.model.apps.find(appid)
  if (!app) return refuse(40013, text('没有这个 appid', 'there is no such appid'))
  call.app = app
  if (refusedGrant) return refusedGrant
  const secret = field(auth.secretField)
  if (!secret) return refuse(41004, text('缺少 AppSecret', 'the AppSecret is missing'))
  if (secret !== app.appSecret) return refuse(40125, text('AppSecret 不对', 'the AppSecret is wrong'))
  return checkAccount(app) ?? checkAddress(call, auth, app)
}

function fieldReader(call: ApiCall, auth: SecretAuth): (name: string) => string | undefined {
  const { query, body, rawBody } = call
  if (auth.in === 'query') return (name) => queryField(call, name)
  if (auth.in === 'body') return (name) => stringField(body[name])
  const sent = parseObject(rawBody) ?? {}
  return (name) => stringField(sent[name]) ?? query.get(name) ?? undefined
}

function checkAccount(app: App): Answer | undefined {
  if (app.secretFrozen) return refuse(40243, text('AppSecret 已冻结', 'the AppSecret is frozen'))
  if (app.state === 'token-forbidden') return refuse(50004, text('接口被禁', 'the token API is forbidden'))
  if (app.state === 'frozen') return refuse(50007, text('账号被冻结', 'the account is frozen'))
  return undefined
}

const approvalErrcodes = { awaiting: 89503, rejected: 89507, 'rejected-twice': 89506 } as const

function checkAddress(call: ApiCall, auth: SecretAuth, app: App): Answer | undefined {
  const { model } = call
  const isGuarded = auth.whitelist === 'guarded' || model.switches.get(auth.whitelist) === 'guarded'
  if (!isGuarded) return undefined
  const clientIp = app.ipWhitelist ? call.clientIp() : ''
  if (app.ipWhitelist && !isWhitelisted(clientIp, app.ipWhitelist)) {
    return refuse(40164, text(`IP ${clientIp} 不在白名单`, `the IP ${clientIp} is not on the whitelist`), {
      errmsg: `invalid ip ${clientIp} ipv6 ::ffff:${clientIp}, not in whitelist`,
    })
  }
  if (app.ipApproval === 'none') return undefined
  return refuse(
    approvalErrcodes[app.ipApproval],
    text('此 IP 要管理员确认', 'this IP is up to the administrator'),
  )
}
