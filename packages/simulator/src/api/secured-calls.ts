import type { ApiSecurity } from '../model/api-security-keys.ts'
import { text } from '../text.ts'
import { type Answer, refuse } from './answer.ts'
import type { ApiCall } from './endpoint.ts'
import { parseObject } from './json.ts'
import type { Reply } from './reply.ts'
import { decryptBody, encryptBody, type SecuredMessage, signMessage, verifySignature } from './security.ts'

const CANONICAL_ORIGIN = 'https://api.weixin.qq.com'

/**
 * Verifies and opens a signed and encrypted request, where the app has API security on and the endpoint is
 * covered by it; puts what was inside into `call.body`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/getting_started/api_signature.html
 */
export function openSecuredRequest(call: ApiCall): Answer | undefined {
  const { app, endpoint, headers, model, rawBody } = call
  const keys = app?.apiSecurity
  if (!app || !keys || endpoint.auth.kind !== 'access-token' || !endpoint.auth.isSignable) return undefined

  const appid = header(call, 'wechatmp-appid')
  const timestamp = header(call, 'wechatmp-timestamp')
  const signature = header(call, 'wechatmp-signature')
  if (model.switches.get('signature-serial-header') === 'required' && !headers['wechatmp-serial']) {
    return missing(40230, 'Wechatmp-Serial')
  }
  if (!timestamp) return missing(40231, 'Wechatmp-TimeStamp')
  if (!signature) return missing(40232, 'Wechatmp-Signature')
  if (!appid) return missing(40233, 'Wechatmp-Appid')
  const refused = checkParty(call, keys, appid) ?? checkTime(call, timestamp)
  if (refused) return refused

  const timestampS = Number(timestamp)
  const message = urlPaths(call)
    .map((urlPath): SecuredMessage => ({ urlPath, appid, timestampS }))
    .find((candidate) => verifySignature(keys.appPublicKey, candidate, rawBody, signature))
  if (!message) {
    return refuse(40234, text('签名与请求不符', 'the signature does not fit the request'))
  }
  const plain = decryptBody(keys, message, rawBody)
  if (!plain) return refuse(40235, text('请求体无法解密', 'the body cannot be decrypted'))
  const { _n, _appid, _timestamp, ...body } = plain
  if (_appid !== appid || _timestamp !== timestampS || typeof _n !== 'string') {
    return refuse(
      40235,
      text('密文里的 _n、_appid、_timestamp 不对', '_n, _appid or _timestamp inside do not fit'),
    )
  }
  call.body = body
  call.signedUrl = message.urlPath
  return undefined
}

/** Encrypts and signs an answer. Errors stay plain, as they do in the field, unless the switch says otherwise. */
export function sealAnswer(call: ApiCall, urlPath: string, reply: Reply): Reply {
  const keys = call.app?.apiSecurity
  const [current, deprecated] = keys?.platform ?? []
  if (!call.app || !keys || !current) return reply
  if (reply.errcode !== 0 && call.model.switches.get('secured-error-body') === 'plain') return reply

  const { appid } = call.app
  const timestampS = Math.floor(call.nowMs / 1000)
  const message: SecuredMessage = { urlPath, appid, timestampS }
  const plain = {
    _n: call.model.nonceRandom.base64(16),
    _appid: appid,
    _timestamp: timestampS,
    ...parseObject(reply.body),
  }
  const body = encryptBody(keys, message, plain, call.model.nonceRandom)
  const headers: Record<string, string> = {
    ...reply.headers,
    'Wechatmp-Appid': appid,
    'Wechatmp-TimeStamp': String(timestampS),
    'Wechatmp-Serial': current.serial,
    'Wechatmp-Signature': signMessage(current.privateKey, message, body),
  }
  if (deprecated) {
    headers['Wechatmp-Serial-Deprecated'] = deprecated.serial
    headers['Wechatmp-Signature-Deprecated'] = signMessage(deprecated.privateKey, message, body)
  }
  return { ...reply, headers, body }
}

function header({ headers }: ApiCall, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function missing(errcode: number, name: string): Answer {
  return refuse(errcode, text(`缺少请求头 ${name}`, `the header ${name} is missing`))
}

function checkParty({ app, model }: ApiCall, keys: ApiSecurity, appid: string): Answer | undefined {
  if (!model.apps.find(appid))
    return refuse(40236, text('请求头的 appid 不存在', 'no app has the appid of the header'))
  if (appid !== app?.appid) {
    return refuse(
      40237,
      text('请求头的 appid 与 token 不符', 'the appid of the header is not that of the token'),
    )
  }
  if (keys.symmetricKey === '')
    return refuse(40238, text('没有配置对称密钥', 'no symmetric key is configured'))
  if (keys.appPublicKey === '') return refuse(40239, text('没有配置公钥', 'no public key is configured'))
  return undefined
}

function checkTime({ model, nowMs }: ApiCall, timestamp: string): Answer | undefined {
  const toleranceS = Number(model.switches.get('signature-tolerance-s'))
  const offS = Math.abs(nowMs / 1000 - Number(timestamp))
  return /^\d{1,12}$/.test(timestamp) && offS <= toleranceS
    ? undefined
    : refuse(
        40240,
        text(`时间戳相差超过 ${toleranceS} 秒`, `the timestamp is off by more than ${toleranceS} s`),
      )
}

/** The URLs that may stand in the string to sign, the usual one first. */
function urlPaths({ endpoint, headers, isSecure, model }: ApiCall): string[] {
  const canonical = CANONICAL_ORIGIN + endpoint.path
  const called = `${isSecure ? 'https' : 'http'}://${headers.host ?? ''}${endpoint.path}`
  const choice = model.switches.get('signature-host')
  if (choice === 'either') return [canonical, called]
  return [choice === 'request-host' ? called : canonical]
}
