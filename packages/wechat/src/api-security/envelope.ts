/** The cryptography of one message: what is authenticated, what is signed, and how the body is written. */
import { type Bytes, fromBase64, fromUtf8, toBase64, utf8 } from '../internal/bytes.ts'
import type { Key } from './keys.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const PSS = { name: 'RSA-PSS', saltLength: 32 }

/** What both sides put before the payload, in the same form on the way there and back. */
export interface Scope {
  /** `https://api.weixin.qq.com` and the path, no query. */
  readonly urlpath: string
  readonly appid: string
  readonly timestamp: string
}

/** The three members of an encrypted body. */
export interface Envelope {
  readonly iv: string
  readonly data: string
  readonly authtag: string
}

/** What the symmetric key is used with. */
export interface Cipher {
  readonly key: Key
  readonly sn: string
}

export async function encrypt(
  cipher: Cipher,
  scope: Scope,
  message: { iv: Bytes; plaintext: string },
): Promise<string> {
  const algorithm = gcm(cipher, scope, message.iv)
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, cipher.key, utf8(message.plaintext)))
  return JSON.stringify({
    iv: toBase64(message.iv),
    data: toBase64(sealed.subarray(0, -TAG_BYTES)),
    authtag: toBase64(sealed.subarray(-TAG_BYTES)),
  } satisfies Envelope)
}

/** @throws Error when the key, the scope or any part of the envelope is not the one it was sealed with. */
export async function decrypt(cipher: Cipher, scope: Scope, envelope: Envelope): Promise<string> {
  const [iv, data, tag] = [envelope.iv, envelope.data, envelope.authtag].map(fromBase64)
  if (iv?.length !== IV_BYTES || !data || tag?.length !== TAG_BYTES) throw new TypeError('not an envelope')
  const sealed = new Uint8Array(data.length + TAG_BYTES)
  sealed.set(data)
  sealed.set(tag, data.length)
  return fromUtf8(await crypto.subtle.decrypt(gcm(cipher, scope, iv), cipher.key, sealed))
}

export async function sign(key: Key, scope: Scope, body: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.sign(PSS, key, stringToSign(scope, body))))
}

export async function verify(
  key: Key,
  scope: Scope,
  signed: { body: string; signature: string },
): Promise<boolean> {
  const signature = fromBase64(signed.signature)
  return (
    signature !== undefined &&
    (await crypto.subtle.verify(PSS, key, signature, stringToSign(scope, signed.body)))
  )
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}

export function freshIv(): Bytes {
  return randomBytes(IV_BYTES)
}

function gcm(cipher: Cipher, { urlpath, appid, timestamp }: Scope, iv: Bytes) {
  const additionalData = utf8(`${urlpath}|${appid}|${timestamp}|${cipher.sn}`)
  return { name: 'AES-GCM', iv, additionalData, tagLength: TAG_BYTES * 8 }
}

// The serial of the key is not part of it: with it, WeChat answers 40234.
function stringToSign({ urlpath, appid, timestamp }: Scope, body: string): Bytes {
  return utf8(`${urlpath}\n${appid}\n${timestamp}\n${body}`)
}
