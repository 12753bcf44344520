import { type Bytes, fromBase64, fromUtf8 } from '../internal/bytes.ts'
import { EncryptedDataError } from './errors.ts'

const KEY_BYTES = 16
const BLOCK_BYTES = 16

export interface EncryptedData {
  /** As code2Session answered it. It never leaves the server. */
  readonly sessionKey: string
  /** As the event of the button carried it, in base64. */
  readonly encryptedData: string
  /** As the event of the button carried it, in base64. */
  readonly iv: string
  /** The app it must have been issued to. */
  readonly appid: string
  /** Refuses data older than this, in seconds. Default is no limit. */
  readonly maxAgeS?: number
  /** Now, in Unix seconds, for `maxAgeS`. Default is the clock of this machine. */
  readonly nowS?: number
}

/** Every decrypted object says to whom and when it was issued. */
export interface Watermarked {
  readonly watermark: {
    readonly appid: string
    /** Unix seconds. */
    readonly timestamp: number
  }
}

/**
 * Decrypts `encryptedData` of a mini program (user info, phone number, group id …) and checks its watermark.
 *
 * The data is not signed: what comes out is only as trustworthy as the secrecy of the session key.
 *
 * @typeParam T - the fields expected beside the watermark. They are not checked.
 * @throws EncryptedDataError `ERR_WX_DECRYPT` when it cannot be decrypted, mostly because wx.login replaced the
 * session key; `ERR_WX_WATERMARK` when it was issued to another app or is older than `maxAgeS`.
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export async function decryptData<T extends object = Record<string, unknown>>(
  input: EncryptedData,
): Promise<T & Watermarked> {
  const key = fromBase64(input.sessionKey)
  if (key?.length !== KEY_BYTES) throw new EncryptedDataError('session-key')
  const iv = fromBase64(input.iv)
  const data = fromBase64(input.encryptedData)
  if (iv?.length !== BLOCK_BYTES || !data || data.length === 0 || data.length % BLOCK_BYTES !== 0) {
    throw new EncryptedDataError('input')
  }
  const decrypted = parse(await decrypt(key, iv, data))
  checkWatermark(decrypted.watermark, input)
  return decrypted as T & Watermarked
}

async function decrypt(raw: Bytes, iv: Bytes, data: Bytes): Promise<ArrayBuffer> {
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', raw, 'AES-CBC', false, ['decrypt'])
  try {
    return await subtle.decrypt({ name: 'AES-CBC', iv }, key, data)
  } catch {
    throw new EncryptedDataError('wrong-session-key')
  }
}

// A wrong key gives valid padding once in 256 times, and then bytes that are neither UTF-8 nor JSON. The
// parser's own message would quote them, so it is no cause.
function parse(plaintext: ArrayBuffer): Partial<Watermarked> {
  try {
    const value: unknown = JSON.parse(fromUtf8(plaintext))
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new EncryptedDataError('wrong-session-key')
}

function checkWatermark(watermark: Watermarked['watermark'] | undefined, input: EncryptedData): void {
  if (watermark?.appid !== input.appid) throw new EncryptedDataError('other-app')
  if (input.maxAgeS === undefined) return
  const ageS = (input.nowS ?? Date.now() / 1000) - watermark.timestamp
  if (!(ageS <= input.maxAgeS)) throw new EncryptedDataError('too-old')
}
