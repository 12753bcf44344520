import { WxRefusedDataError, WxUsageError } from '../errors/index.ts'

/** What is wrong with the configuration, and what to do. */
export const MISCONFIGURATIONS = {
  privateKey:
    'apiSecurity.privateKey cannot be read: give the unencrypted RSA key in PEM (BEGIN PRIVATE KEY) · 无法读取私钥，请提供未加密的 RSA 私钥 PEM',
  symmetricKey:
    'apiSecurity.symmetricKey.key is not the base64 text of 32 bytes: copy the AES256 key from the console · 对称密钥不是 32 字节的 base64，请从「开发管理 → 开发设置 → API安全」复制 AES256 密钥',
  noCertificate:
    'apiSecurity.platformCertificates is empty: download the certificate from the console · 缺少平台证书，请从「开发管理 → 开发设置 → API安全」下载',
  certificate:
    'a certificate in apiSecurity.platformCertificates cannot be read: give the RSA certificate (BEGIN CERTIFICATE) or its public key (BEGIN PUBLIC KEY) in PEM · 无法读取平台证书，请提供 RSA 证书或其公钥的 PEM',
  privateKeySn:
    'apiSecurity.requireSerialHeader needs privateKeySn, the serial of the uploaded public key · 启用 requireSerialHeader 时需提供 privateKeySn（已上传公钥的编号）',
  toleranceS: 'apiSecurity.toleranceS must be a number of seconds above 0 · toleranceS 应为大于 0 的秒数',
  additionalPaths:
    'apiSecurity.additionalPaths must be a list of paths such as /wxa/newcall · additionalPaths 应为路径列表，例如 /wxa/newcall',
  signedOrigin:
    'apiSecurity.signedOrigin must look like https://api.weixin.qq.com · signedOrigin 应形如 https://api.weixin.qq.com',
  reservedName:
    'a parameter is named _n, _appid or _timestamp, which API security reserves · 参数名 _n、_appid、_timestamp 为 API 安全保留，不能使用',
} as const

/** Why an answer is not to be trusted, and what to do. */
export const REFUSALS = {
  plainSuccess:
    'the answer is not encrypted: check that API security is still on for this app in the console · 响应未加密，请确认后台仍为该小程序开启 API 安全',
  malformed:
    'the answer is not a JSON object: something between here and WeChat answered, or cut it · 响应不是 JSON 对象，可能被中间的代理替换或截断',
  header:
    'the answer lacks a Wechatmp-* header or repeats one: check that no proxy removes or joins them · 响应缺少或重复 Wechatmp-* 头，请检查代理',
  otherApp: 'the answer is for another appid · 响应属于另一个 appid',
  timestamp:
    'the time of the answer is too far from ours: set the clock of this machine (NTP), else it may be a replay · 响应时间与本机相差过大，请校准时钟（NTP），否则可能是重放',
  unknownSerial:
    'the answer is signed by a platform certificate that is not configured: add the current one; its sn is the number printed in the console, not the X.509 serial · 签名所用的平台证书未配置，请从后台下载最新证书，sn 为后台显示的编号而非 X.509 序列号',
  signature:
    'the signature of the answer does not fit: it was changed on its way, or the certificate belongs to another sn · 响应签名不符，内容被改动或证书与编号不匹配',
  decryption:
    'the answer cannot be decrypted: check symmetricKey and its sn in the console · 响应无法解密，请核对 symmetricKey 及其编号',
} as const

export type Misconfiguration = keyof typeof MISCONFIGURATIONS
export type Refusal = keyof typeof REFUSALS

export function misconfigured(what: Misconfiguration, cause?: unknown): WxUsageError {
  const [en = '', zh = ''] = MISCONFIGURATIONS[what].split(' · ')
  return new WxUsageError('ERR_WX_BAD_OPTION', { en, zh: `apiSecurity：${zh}` }, cause)
}

export function refused(why: Refusal, cause?: unknown): WxRefusedDataError {
  return new WxRefusedDataError('ERR_WX_API_SECURITY', { detail: REFUSALS[why], cause })
}
