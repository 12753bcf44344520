/**
 * The class of a cause.
 *
 * `token` the access token was refused · `code` a login or phone code (or a session key) is of no use ·
 * `config` set up wrongly, no repeat helps · `quota` a limit of calls is used up · `busy` try again in a moment ·
 * `permission` the account may not · `user-risk` WeChat blocks this user · `transport` the network ·
 * `unreadable` WeChat answered in a form that nobody can read · `unknown` an errcode that is not in the table.
 */
export type WxErrorKind =
  | 'token'
  | 'code'
  | 'config'
  | 'quota'
  | 'busy'
  | 'permission'
  | 'user-risk'
  | 'transport'
  | 'unreadable'
  | 'unknown'

interface LocalCode {
  readonly kind: WxErrorKind
  readonly retryable: boolean
  readonly mustTapAgain?: boolean
  readonly mustLoginAgain?: boolean
  readonly zh: string
  readonly en: string
}

/**
 * Errors that this package finds itself, before or after WeChat had a say. Errors that carry an errcode are in
 * the errcode table.
 */
export const localCodes = {
  ERR_WX_NOT_SENT: {
    kind: 'transport',
    retryable: true,
    zh: '没有连上微信服务器，请求尚未发出，code 没有被消费，可以直接重试。请检查网络、DNS 和代理。',
    en: 'WeChat could not be reached and nothing was sent, so no code is spent: try again. Check network, DNS and proxy.',
  },
  ERR_WX_TIMEOUT: {
    kind: 'transport',
    retryable: true,
    zh: '在时限内没有得到微信的响应，可以重试，或调大 timeoutMs。',
    en: 'WeChat did not answer in time. Try again, or raise timeoutMs.',
  },
  ERR_WX_CONNECTION_LOST: {
    kind: 'transport',
    retryable: true,
    zh: '请求发出后连接中断，可以重试。',
    en: 'The connection broke after the request was sent. Try again.',
  },
  ERR_WX_ABORTED: {
    kind: 'transport',
    retryable: true,
    zh: '调用方取消了请求。',
    en: 'The caller aborted the call.',
  },
  ERR_WX_BAD_RESPONSE: {
    kind: 'transport',
    retryable: false,
    zh: '响应不是微信 API 的格式，请检查 hosts、代理或网关是否指向微信。',
    en: 'The answer is not one of the WeChat API. Check that hosts, proxy or gateway lead to WeChat.',
  },
  ERR_WX_OUTCOME_UNKNOWN: {
    kind: 'transport',
    retryable: false,
    zh: '一次性 code 已发出但没有得到结果：可能已被消费，也可能没有。不要自动循环重试；可用同一个 code 再试一次，若微信答 40029 或 40163，说明第一次已消费，请让用户重新获取 code。',
    en: 'A single-use code was sent and its result never arrived: it may or may not be spent. Do not loop. Send the same code once more on purpose; if WeChat then says 40029 or 40163, the first try went through and the user must get a new code.',
  },
  ERR_WX_UNREADABLE_ANSWER: {
    kind: 'unreadable',
    retryable: false,
    zh: '微信完整地作了响应，但其中缺少必需的内容，或其格式无法读取；随请求发出的一次性 code 很可能已被消费。不要重试，也不要让用户再次点击。原始响应在 error.answer 中，可用 reveal() 取出核对。',
    en: 'WeChat answered in full, but the answer lacks what it must have or cannot be read; a single-use code that was sent is most likely spent. Do not repeat, and do not ask the user to tap again. The raw answer is in error.answer: look at it with reveal().',
  },
  ERR_WX_BAD_OPTION: {
    kind: 'config',
    retryable: false,
    zh: '选项或参数不正确，请求没有发出，请按提示修改。',
    en: 'An option or parameter is not valid and nothing was sent. Mend what the message names.',
  },
  ERR_WX_APP_NOT_REGISTERED: {
    kind: 'config',
    retryable: false,
    zh: '没有注册这个 appid：请写入 createWeChat 的 apps、调用 registerApp，或让 resolveApp 返回它。',
    en: 'This appid is not registered: list it in apps of createWeChat, call registerApp, or return it from resolveApp.',
  },
  ERR_WX_RESOLVE_APP: {
    kind: 'config',
    retryable: true,
    zh: 'resolveApp 抛出了异常或没有按时返回，请求没有发出。请检查它所读取的配置或数据库，然后重试。',
    en: 'resolveApp threw, or gave nothing in time; nothing was sent. Check what it reads, then try again.',
  },
  ERR_WX_CLOSED: {
    kind: 'config',
    retryable: false,
    zh: '客户端已经关闭（close），不能再调用。',
    en: 'The client has been closed; make no more calls on it.',
  },
  ERR_WX_LOGIN_CODE_AS_PHONE_CODE: {
    kind: 'code',
    retryable: false,
    mustTapAgain: true,
    zh: 'phoneCode 里放的像是 wx.login 的 code（32 位字母数字）。手机号 code 来自按钮 getphonenumber 事件的 e.detail.code（64 位十六进制），两者不能混用。请求没有发出。',
    en: 'phoneCode holds what looks like a wx.login code (32 letters and digits). The phone code is e.detail.code of the button event (64 hex digits); the two are not interchangeable. Nothing was sent.',
  },
  ERR_WX_PHONE_CODE_AS_LOGIN_CODE: {
    kind: 'code',
    retryable: false,
    mustLoginAgain: true,
    zh: 'loginCode 里放的像是手机号按钮的 code（64 位十六进制）。loginCode 来自 wx.login（32 位字母数字），两者不能混用。请求没有发出，手机号 code 没有被消费。',
    en: 'loginCode holds what looks like a phone code (64 hex digits). The login code comes from wx.login (32 letters and digits); the two are not interchangeable. Nothing was sent and the phone code is not spent.',
  },
  ERR_WX_APPID_MISMATCH: {
    kind: 'config',
    retryable: false,
    zh: '微信返回的数据水印属于另一个 appid，已拒绝使用。请检查 access_token、网关与小程序是否是同一个 appid。',
    en: 'The data that came back is watermarked for another appid and was refused. Check that access token, gateway and mini program are of one appid.',
  },
  ERR_WX_TOKEN_SOURCE: {
    kind: 'transport',
    retryable: true,
    zh: 'access_token 的来源没有给出可用的结果，请检查 tokenSource。',
    en: 'The token source gave no usable token. Check tokenSource.',
  },
  ERR_WX_TOKEN_SERVICE_REFUSED: {
    kind: 'config',
    retryable: false,
    zh: '令牌服务拒绝了请求：请检查 haomaSource 的 url、clientId、clientSecret，以及服务端是否配置了这个 appid。',
    en: 'The token service refused the request. Check url, clientId and clientSecret of haomaSource, and that the service knows this appid.',
  },
  ERR_WX_TOKEN_BUDGET: {
    kind: 'quota',
    retryable: true,
    zh: '一小时内获取 access_token 的次数超出预算，暂停获取。通常是别的程序在用 /cgi-bin/token 或 force_refresh 争抢令牌。',
    en: 'The hourly budget of token fetches is used up; fetching pauses. Usually another program fights for the token with /cgi-bin/token or force_refresh.',
  },
  ERR_WX_FORCE_REFRESH_LIMIT: {
    kind: 'quota',
    retryable: true,
    zh: '强制刷新每天最多 20 次、间隔至少 30 秒，本次没有执行。日常请使用 refreshAccessToken。',
    en: 'Forced refresh is limited to 20 a day, 30 s apart; this one was not done. For everyday use call refreshAccessToken.',
  },
  ERR_WX_WRONG_SESSION_KEY: {
    kind: 'code',
    retryable: false,
    mustTapAgain: true,
    mustLoginAgain: true,
    zh: 'session_key 不是加密时所用的那一个：期间调用过 wx.login（常见于按钮回调内），或它已过期。请在点击之前调用 wx.login，再让用户重新点击；改用 code 换取手机号则没有这个问题。',
    en: 'The session_key is not the one used to encrypt: wx.login ran in between (often inside the button callback), or the key expired. Call wx.login before the tap, then let the user tap again; exchanging the code instead needs no session_key.',
  },
  ERR_WX_DATA_TOO_OLD: {
    kind: 'code',
    retryable: false,
    mustTapAgain: true,
    zh: '数据已超过 maxAgeS 允许的时限，或本机时钟有误。请校准时钟，或让用户重新点击。',
    en: 'The data is older than maxAgeS allows, or the clock of this machine is wrong. Set the clock, or let the user tap again.',
  },
  ERR_WX_NO_PHONE_NUMBER: {
    kind: 'config',
    retryable: false,
    zh: '解密结果中没有手机号：传入的可能是其他按钮或接口的 encryptedData。',
    en: 'The decrypted data holds no phone number: the encryptedData of another button or call was given.',
  },
  ERR_WX_API_SECURITY: {
    kind: 'config',
    retryable: false,
    zh: 'API 安全模式下的响应没有通过验签或解密，已拒绝使用。请核对对称密钥、平台证书及其编号。',
    en: 'An answer failed verification or decryption in API security mode and was refused. Check the symmetric key, the platform certificate and their serial numbers.',
  },
} as const satisfies Record<string, LocalCode>

/** A code of an error that this package finds itself. */
export type LocalErrorCode = keyof typeof localCodes

/** A code of an error that carries WeChat's errcode; one per kind. */
export type ApiErrorCode =
  | 'ERR_WX_TOKEN'
  | 'ERR_WX_CODE'
  | 'ERR_WX_CONFIG'
  | 'ERR_WX_QUOTA'
  | 'ERR_WX_BUSY'
  | 'ERR_WX_PERMISSION'
  | 'ERR_WX_USER_RISK'
  | 'ERR_WX_UNKNOWN'

/** Every code an error of this package can have. */
export type WxErrorCode = ApiErrorCode | LocalErrorCode

/** The code of an API error of a kind. `transport` errors never come from an errcode. */
export const apiCodes: Readonly<Record<Exclude<WxErrorKind, 'transport' | 'unreadable'>, ApiErrorCode>> = {
  token: 'ERR_WX_TOKEN',
  code: 'ERR_WX_CODE',
  config: 'ERR_WX_CONFIG',
  quota: 'ERR_WX_QUOTA',
  busy: 'ERR_WX_BUSY',
  permission: 'ERR_WX_PERMISSION',
  'user-risk': 'ERR_WX_USER_RISK',
  unknown: 'ERR_WX_UNKNOWN',
}

/** What {@link localCodes} says about a code, in one shape for all. */
export function localCode(code: LocalErrorCode): LocalCode {
  return localCodes[code]
}
