/** What can be wrong, what to do about it, in both languages. */
const TEXTS = {
  'private-key': {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'The private key cannot be read: give the unencrypted RSA key in PEM (BEGIN PRIVATE KEY).',
    zh: '无法读取私钥：请提供未加密的 RSA 私钥 PEM（BEGIN PRIVATE KEY）。',
  },
  'symmetric-key': {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'The symmetric key is not the base64 text of 32 bytes: copy the AES256 key from 开发管理 → 开发设置 → API安全.',
    zh: '对称密钥不是 32 字节的 base64：请从「开发管理 → 开发设置 → API安全」复制 AES256 密钥。',
  },
  'no-certificate': {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'No platform certificate is given: download it from 开发管理 → 开发设置 → API安全.',
    zh: '未提供平台证书：请从「开发管理 → 开发设置 → API安全」下载。',
  },
  certificate: {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'A platform certificate cannot be read: give the RSA certificate (BEGIN CERTIFICATE) or its public key (BEGIN PUBLIC KEY) in PEM.',
    zh: '无法读取平台证书：请提供 RSA 证书（BEGIN CERTIFICATE）或其公钥（BEGIN PUBLIC KEY）的 PEM。',
  },
  'private-key-sn': {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'requireSerialHeader needs privateKeySn, the serial of the uploaded public key.',
    zh: '启用 requireSerialHeader 时需提供 privateKeySn（已上传公钥的编号）。',
  },
  'reserved-name': {
    code: 'ERR_WX_API_SECURITY_CONFIG',
    en: 'A parameter is named _n, _appid or _timestamp; these names are reserved for API security.',
    zh: '参数名 _n、_appid、_timestamp 为 API 安全保留，不能使用。',
  },
  'plain-success': {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer is not encrypted, so it is not trusted: check that API security is still on for this app in the console.',
    zh: '响应未加密，不予信任：请确认后台仍为该小程序开启 API 安全。',
  },
  malformed: {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer is not a JSON object: something between here and WeChat answered, or cut it.',
    zh: '响应不是 JSON 对象：可能被中间的代理替换或截断。',
  },
  header: {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer lacks a Wechatmp-* header or repeats one: check that no proxy removes or joins them.',
    zh: '响应缺少或重复 Wechatmp-* 头：请检查代理是否删除或合并了这些头。',
  },
  'other-app': {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer is for another app.',
    zh: '响应属于另一个 appid。',
  },
  timestamp: {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The time of the answer is too far from ours: set the clock of this machine (NTP), else it may be a replay.',
    zh: '响应时间与本机相差过大：请校准本机时钟（NTP），否则可能是重放。',
  },
  'unknown-serial': {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer is signed by a platform certificate that is not configured: download the current one from the console and add it. Its `sn` is the number printed there, not the X.509 serial.',
    zh: '签名所用的平台证书未配置：请从后台下载最新证书并添加。sn 为后台显示的编号，不是 X.509 序列号。',
  },
  signature: {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The signature of the answer does not fit: it was changed on its way, or the certificate belongs to another serial.',
    zh: '响应签名不符：内容被改动，或证书与编号不匹配。',
  },
  decryption: {
    code: 'ERR_WX_API_SECURITY_RESPONSE',
    en: 'The answer cannot be decrypted: check that symmetricKey and its sn are the current ones in the console.',
    zh: '响应无法解密：请确认 symmetricKey 及其编号与后台当前值一致。',
  },
} as const

export type ApiSecurityReason = keyof typeof TEXTS
export type ApiSecurityErrorCode = (typeof TEXTS)[ApiSecurityReason]['code']

/** A request could not be sealed, or an answer is not to be trusted. */
export class ApiSecurityError extends Error {
  override readonly name = 'ApiSecurityError'
  readonly code: ApiSecurityErrorCode
  readonly retryable = false
  /** Which check failed. */
  readonly reason: ApiSecurityReason
  readonly text: { readonly en: string; readonly zh: string }

  constructor(reason: ApiSecurityReason, options?: ErrorOptions) {
    const { code, en, zh } = TEXTS[reason]
    super(`${en} ${zh}`, options)
    this.code = code
    this.reason = reason
    this.text = { en, zh }
  }
}
