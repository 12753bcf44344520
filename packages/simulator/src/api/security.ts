import { Buffer } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto'
import type { ApiSecurity } from '../model/api-security-keys.ts'
import type { Random } from '../model/random.ts'
import { parseObject } from './json.ts'

/** An encrypted body as it stands on the wire, in this order of fields. */
interface Envelope {
  iv: string
  data: string
  authtag: string
}

/** What goes into the additional data and the string to sign. */
export interface SecuredMessage {
  /** Scheme, host and path, without the query. */
  urlPath: string
  appid: string
  /** Unix seconds. */
  timestampS: number
}

const CIPHER = 'aes-256-gcm'
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const

/**
 * Whether the RSA-PSS signature over `urlpath\nappid\ntimestamp\nbody` is the app's. The key's serial is
 * not part of what is signed.
 */
export function verifySignature(
  publicKey: string,
  message: SecuredMessage,
  body: string,
  signature: string,
): boolean {
  const key = { key: createPublicKey(publicKey), ...PSS }
  return verify('sha256', Buffer.from(stringToSign(message, body)), key, Buffer.from(signature, 'base64'))
}

/** @returns base64 */
export function signMessage(privateKey: string, message: SecuredMessage, body: string): string {
  const key = { key: createPrivateKey(privateKey), ...PSS }
  return sign('sha256', Buffer.from(stringToSign(message, body)), key).toString('base64')
}

/** Opens an encrypted body; `undefined` when it is none, or was not made with this key for this message. */
export function decryptBody(
  keys: ApiSecurity,
  message: SecuredMessage,
  body: string,
): Record<string, unknown> | undefined {
  const envelope = parseObject(body) as Partial<Envelope> | undefined
  if (!envelope) return undefined
  const [iv, data, authtag] = [envelope.iv, envelope.data, envelope.authtag].map((part) =>
    typeof part === 'string' ? Buffer.from(part, 'base64') : undefined,
  )
  if (!iv || !data || authtag?.length !== 16) return undefined
  try {
    const decipher = createDecipheriv(CIPHER, Buffer.from(keys.symmetricKey, 'base64'), iv)
    decipher.setAAD(Buffer.from(additionalData(keys, message)))
    decipher.setAuthTag(authtag)
    return parseObject(decipher.update(data, undefined, 'utf8') + decipher.final('utf8'))
  } catch {
    // GCM's only way to say that key, additional data or tag do not fit.
    return undefined
  }
}

export function encryptBody(
  keys: ApiSecurity,
  message: SecuredMessage,
  plain: object,
  random: Random,
): string {
  const iv = Buffer.from(random.base64(12), 'base64')
  const cipher = createCipheriv(CIPHER, Buffer.from(keys.symmetricKey, 'base64'), iv)
  cipher.setAAD(Buffer.from(additionalData(keys, message)))
  const data = cipher.update(JSON.stringify(plain), 'utf8', 'base64') + cipher.final('base64')
  const envelope: Envelope = {
    iv: iv.toString('base64'),
    data,
    authtag: cipher.getAuthTag().toString('base64'),
  }
  return JSON.stringify(envelope)
}

function stringToSign({ urlPath, appid, timestampS }: SecuredMessage, body: string): string {
  return `${urlPath}\n${appid}\n${timestampS}\n${body}`
}

function additionalData(
  { symmetricSerial }: ApiSecurity,
  { urlPath, appid, timestampS }: SecuredMessage,
): string {
  return `${urlPath}|${appid}|${timestampS}|${symmetricSerial}`
}
