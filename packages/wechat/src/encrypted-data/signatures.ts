import { equalInConstantTime, toHex, utf8 } from '../internal/bytes.ts'
import { checkObject, checkSecret } from '../internal/check.ts'
import type { SecretInput } from '../secret.ts'

/** What `wx.getUserInfo` hands to the page. */
export interface RawData {
  /** As it came: a single changed character, or a re-serialised object, does not verify. */
  readonly rawData: string
  readonly signature: string
  readonly sessionKey: SecretInput
}

/**
 * Tells whether `rawData` is what WeChat gave to the page of the user whose session key this is.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export async function verifyRawData(input: RawData): Promise<boolean> {
  const { rawData, signature, sessionKey } = checkObject('the input of verifyRawData', input)
  const key = checkSecret('sessionKey', sessionKey)
  // Both come from the page: what is missing there is not signed.
  if (typeof rawData !== 'string' || typeof signature !== 'string') return false
  const digest = await globalThis.crypto.subtle.digest('SHA-1', utf8(rawData + key))
  return equalInConstantTime(toHex(digest), signature.toLowerCase())
}

/**
 * Signs with a session key as checksession and resetusersessionkey want it (`hmac_sha256`): the key is the text of
 * the session key, not the bytes it encodes, and the message is empty.
 *
 * @returns lower-case hex
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html
 */
export async function sessionSignature(sessionKey: SecretInput): Promise<string> {
  const { subtle } = globalThis.crypto
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await subtle.importKey('raw', utf8(checkSecret('sessionKey', sessionKey)), algorithm, false, [
    'sign',
  ])
  return toHex(await subtle.sign(algorithm, key, new Uint8Array()))
}
