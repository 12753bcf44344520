import { WxRefusedDataError, WxUsageError } from '../errors/index.ts'
import { type Bytes, fromBase64, fromUtf8 } from '../internal/bytes.ts'
import { reveal, type SecretInput } from '../secret.ts'

const KEY_BYTES = 16
const BLOCK_BYTES = 16
const SESSION_KEY =
  'sessionKey is not base64 of 16 bytes: give it as code2Session answered it · sessionKey 不是 16 字节的 base64，请原样传入 code2Session 返回的值'
const DATA =
  'encryptedData or iv is not base64 of the right length: in a URL or a form "+" may have become a space · encryptedData 或 iv 不是长度正确的 base64，经 URL 或表单传输时「+」可能变成了空格'

/** What a page got beside, or in place of, a code, and the session key that opens it. */
export interface EncryptedData {
  /** As code2Session answered it. It never leaves the server. */
  readonly sessionKey: SecretInput
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
 * @throws WxRefusedDataError `ERR_WX_WRONG_SESSION_KEY` when it cannot be decrypted, mostly because wx.login
 * replaced the session key; `ERR_WX_APPID_MISMATCH` when it was issued to another app; `ERR_WX_DATA_TOO_OLD` when
 * it is older than `maxAgeS`
 * @throws WxUsageError `ERR_WX_BAD_OPTION` when an input is not base64 of the right length
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export async function decryptData<T extends object = Record<string, unknown>>(
  input: EncryptedData,
): Promise<T & Watermarked> {
  const key = fromBase64(reveal(input.sessionKey))
  if (key?.length !== KEY_BYTES) throw malformed(SESSION_KEY)
  const iv = fromBase64(input.iv)
  const data = fromBase64(input.encryptedData)
  if (iv?.length !== BLOCK_BYTES || !data || data.length === 0 || data.length % BLOCK_BYTES !== 0) {
    throw malformed(DATA)
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
    throw new WxRefusedDataError('ERR_WX_WRONG_SESSION_KEY')
  }
}

// A wrong key gives valid padding once in 256 times, and then bytes that are neither UTF-8 nor JSON. The
// parser's own message would quote them, so it is no cause.
function parse(plaintext: ArrayBuffer): Partial<Watermarked> {
  try {
    const value: unknown = JSON.parse(fromUtf8(plaintext))
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new WxRefusedDataError('ERR_WX_WRONG_SESSION_KEY')
}

function checkWatermark(watermark: Watermarked['watermark'] | undefined, input: EncryptedData): void {
  if (watermark?.appid !== input.appid) throw new WxRefusedDataError('ERR_WX_APPID_MISMATCH')
  if (input.maxAgeS === undefined) return
  const ageS = (input.nowS ?? Date.now() / 1000) - watermark.timestamp
  if (!(ageS <= input.maxAgeS)) throw new WxRefusedDataError('ERR_WX_DATA_TOO_OLD')
}

function malformed(what: string): WxUsageError {
  return new WxUsageError('ERR_WX_BAD_OPTION', what)
}
