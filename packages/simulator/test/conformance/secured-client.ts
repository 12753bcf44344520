import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { SimulatedTarget } from './simulated.ts'
import type { Reply } from './target.ts'

/** The keys as `POST /_control/security` hands them over. */
export interface Keys {
  symmetricKey: string
  symmetricSerial: string
  appPrivateKey: string
  platform: Array<{ serial: string; certificate: string }>
}

const ORIGIN = 'https://api.weixin.qq.com'
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }

export interface Tampering {
  body?: (body: string) => string
  headers?: (headers: Record<string, string>) => Record<string, string>
  timestampS?: number
  origin?: string
  inner?: object
}

/** A client's side of API security, written from the contract and from nothing of the simulator's. */
export async function securedCall(
  t: SimulatedTarget,
  keys: Keys,
  request: { path: string; body: object; tamper?: Tampering },
): Promise<{ reply: Reply; opened: Record<string, unknown> | undefined }> {
  const { path, tamper = {} } = request
  const accessToken = await t.token()
  const timestamp = tamper.timestampS ?? Math.floor(Number((await t.control('clock')).nowMs) / 1000)
  const { appid } = t.app
  const urlPath = (tamper.origin ?? ORIGIN) + path
  const plain = {
    _n: randomBytes(16).toString('base64'),
    _appid: appid,
    _timestamp: timestamp,
    ...request.body,
    ...tamper.inner,
  }
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keys.symmetricKey, 'base64'), iv)
  cipher.setAAD(Buffer.from(`${urlPath}|${appid}|${timestamp}|${keys.symmetricSerial}`))
  const data = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final()])
  const sealed = JSON.stringify({
    iv: iv.toString('base64'),
    data: data.toString('base64'),
    authtag: cipher.getAuthTag().toString('base64'),
  })
  const body = tamper.body?.(sealed) ?? sealed
  const signature = sign('sha256', Buffer.from(`${urlPath}\n${appid}\n${timestamp}\n${body}`), {
    key: keys.appPrivateKey,
    ...PSS,
  })
  const headers = {
    'Wechatmp-Appid': appid,
    'Wechatmp-TimeStamp': String(timestamp),
    'Wechatmp-Signature': signature.toString('base64'),
  }
  const reply = await t.post(path, body, {
    query: { access_token: accessToken },
    headers: tamper.headers?.(headers) ?? headers,
  })
  return { reply, opened: openAnswer(reply, keys, urlPath) }
}

/** Verifies and decrypts an answer; `undefined` for a plain one. */
function openAnswer(reply: Reply, keys: Keys, urlPath: string): Record<string, unknown> | undefined {
  const { 'wechatmp-signature': signature, 'wechatmp-serial': serial } = reply.headers
  if (signature === undefined) return undefined
  const { 'wechatmp-appid': appid, 'wechatmp-timestamp': timestamp } = reply.headers
  const platform = keys.platform.find((key) => key.serial === serial)
  const deprecated = keys.platform.find((key) => key.serial === reply.headers['wechatmp-serial-deprecated'])
  const [key, own] = platform
    ? [platform, signature]
    : [deprecated, reply.headers['wechatmp-signature-deprecated']]
  if (!key) throw new Error('signed with a key that is not known here')
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${urlPath}\n${appid}\n${timestamp}\n${reply.text}`),
    { key: createPublicKey(key.certificate), ...PSS },
    Buffer.from(String(own), 'base64'),
  )
  if (!isGenuine) throw new Error('the signature of the answer is wrong')
  const { iv, data, authtag } = reply.json as Record<string, string>
  const [ivBytes, dataBytes, tagBytes] = [iv, data, authtag].map((part) => Buffer.from(part ?? '', 'base64'))
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(keys.symmetricKey, 'base64'),
    ivBytes as Buffer,
  )
  decipher.setAAD(Buffer.from(`${urlPath}|${appid}|${timestamp}|${keys.symmetricSerial}`))
  decipher.setAuthTag(tagBytes as Buffer)
  return JSON.parse(Buffer.concat([decipher.update(dataBytes as Buffer), decipher.final()]).toString('utf8'))
}
