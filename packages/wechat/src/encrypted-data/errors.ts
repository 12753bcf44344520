/** What can be wrong, what to do about it, in both languages. */
const TEXTS = {
  'wrong-session-key': {
    code: 'ERR_WX_DECRYPT',
    en: 'The session_key is not the one used to encrypt: wx.login ran in between (often inside the button callback), or the key expired. Call wx.login before the tap, not after it, and let the user tap again.',
    zh: 'session_key 不是加密时所用的那一个：期间调用过 wx.login（常见于按钮回调内）或其已过期。请在点击之前调用 wx.login，并让用户重新点击。',
  },
  'session-key': {
    code: 'ERR_WX_DECRYPT',
    en: 'sessionKey is not a session_key (base64 of 16 bytes): give it as code2Session answered it.',
    zh: 'sessionKey 不是有效的 session_key（16 字节的 base64）：请原样传入 code2Session 返回的值。',
  },
  input: {
    code: 'ERR_WX_DECRYPT',
    en: 'encryptedData or iv is not base64 of the right length: if they came in a URL or a form, "+" may have become a space.',
    zh: 'encryptedData 或 iv 不是长度正确的 base64：若经 URL 或表单传输，「+」可能变成了空格。',
  },
  'not-a-phone-number': {
    code: 'ERR_WX_DECRYPT',
    en: 'The decrypted data holds no phone number: the encryptedData of another button or call was given.',
    zh: '解密结果中没有手机号：传入的可能是其他按钮或接口的 encryptedData。',
  },
  'other-app': {
    code: 'ERR_WX_WATERMARK',
    en: 'The data was issued to another app: its watermark carries another appid. Do not trust it.',
    zh: '数据属于另一个小程序：水印中的 appid 不符，请勿信任。',
  },
  'too-old': {
    code: 'ERR_WX_WATERMARK',
    en: 'The data is older than allowed, or the clock of this machine is wrong: let the user tap again.',
    zh: '数据已超过允许的时限，或本机时钟有误：请让用户重新点击。',
  },
} as const

export type EncryptedDataReason = keyof typeof TEXTS
export type EncryptedDataErrorCode = (typeof TEXTS)[EncryptedDataReason]['code']

/** Data of the legacy way (`encryptedData` and `iv`) cannot be read, or must not be trusted. */
export class EncryptedDataError extends Error {
  override readonly name = 'EncryptedDataError'
  readonly code: EncryptedDataErrorCode
  readonly retryable = false
  /** Which check failed. */
  readonly reason: EncryptedDataReason
  readonly text: { readonly en: string; readonly zh: string }

  constructor(reason: EncryptedDataReason) {
    const { code, en, zh } = TEXTS[reason]
    super(`${en} ${zh}`)
    this.code = code
    this.reason = reason
    this.text = { en, zh }
  }
}
