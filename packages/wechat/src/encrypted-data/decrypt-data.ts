import { badOption } from '../errors/bad-option.ts'
import { WxRefusedDataError } from '../errors/index.ts'
import { type Bytes, fromBase64, fromUtf8 } from '../internal/bytes.ts'
import { checkObject, checkSecret, checkText } from '../internal/check.ts'
import { checkAppid } from '../pasted.ts'
import type { SecretInput } from '../secret.ts'

const KEY_BYTES = 16
const BLOCK_BYTES = 16
const sessionKeyRule = {
  en: 'must be base64 of 16 bytes: give it as code2Session answered it',
  zh: '应为 16 字节的 base64，请原样传入 code2Session 返回的值',
}
const dataRule = {
  en: 'must be base64 of the right length: in a URL or a form "+" may have become a space, or be written %2B',
  zh: '应为长度正确的 base64：经 URL 或表单传输时「+」可能变成了空格，或写成了 %2B',
}

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
  readonly maxAgeS?: number | undefined
  /** Now, in Unix seconds, for `maxAgeS`. Default is the clock of this machine. */
  readonly nowS?: number | undefined
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
  const { sessionKey, encryptedData, iv } = checkObject('the input', input)
  checkAppid('appid', input.appid)
  checkAge('maxAgeS', input.maxAgeS)
  checkAge('nowS', input.nowS)
  const key = fromBase64(checkSecret('sessionKey', sessionKey))
  if (key?.length !== KEY_BYTES) throw badOption('sessionKey', sessionKeyRule)
  const block = fromBase64(checkText('iv', iv))
  if (block?.length !== BLOCK_BYTES) throw badOption('iv', dataRule)
  const data = fromBase64(checkText('encryptedData', encryptedData))
  if (!data || data.length === 0 || data.length % BLOCK_BYTES !== 0) {
    throw badOption('encryptedData', dataRule)
  }
  const padded = await decrypt(key, block, data)
  const padding = paddingLength(padded)
  const decrypted = parse(padded.subarray(0, padded.length - padding))
  if (decrypted === undefined || padding === 0) throw new WxRefusedDataError('ERR_WX_WRONG_SESSION_KEY')
  checkWatermark(decrypted.watermark, input)
  return decrypted as T & Watermarked
}

/**
 * Decrypts and leaves the padding on. Whoever could tell wrong padding from right by the time it takes could read the
 * data of others block by block: so both go the same way, through the parser. WebCrypto throws at wrong padding,
 * wherefore it is handed a block more, which is a right one.
 */
async function decrypt(raw: Bytes, iv: Bytes, data: Bytes): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto
  const key = await subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt', 'decrypt'])
  const lastBlock = data.slice(-BLOCK_BYTES)
  const padding = await subtle.encrypt({ name: 'AES-CBC', iv: lastBlock }, key, new Uint8Array())
  const longer = new Uint8Array(data.length + BLOCK_BYTES)
  longer.set(data)
  longer.set(new Uint8Array(padding), data.length)
  return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, longer))
}

/** Bytes of padding, by looking at all of the last block; 0 when it is wrong. */
function paddingLength(padded: Uint8Array): number {
  const length = padded.at(-1) ?? 0
  let wrong = Number(length < 1) | Number(length > BLOCK_BYTES)
  for (let back = 1; back <= BLOCK_BYTES; back += 1) {
    wrong |= Number(back <= length) & Number(padded.at(-back) !== length)
  }
  return length * (1 - wrong)
}

// A wrong key gives bytes that are neither UTF-8 nor JSON. The parser's own message would quote them, so it is no cause.
function parse(plaintext: Uint8Array): Partial<Watermarked> | undefined {
  try {
    const value: unknown = JSON.parse(fromUtf8(plaintext))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function checkWatermark(watermark: Watermarked['watermark'] | undefined, input: EncryptedData): void {
  if (watermark?.appid !== input.appid) throw new WxRefusedDataError('ERR_WX_APPID_MISMATCH')
  if (input.maxAgeS === undefined) return
  const ageS = (input.nowS ?? Date.now() / 1000) - Number(watermark.timestamp)
  if (!(ageS <= input.maxAgeS)) throw new WxRefusedDataError('ERR_WX_DATA_TOO_OLD')
}

function checkAge(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return
  throw badOption(name, { en: 'must be a number of seconds', zh: '应为秒数' })
}
