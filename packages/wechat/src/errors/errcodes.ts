import type { WxErrorKind } from './codes.ts'

/** Where an errcode came from. Some mean different things in different places. */
export type EndpointFamily = 'token' | 'phone' | 'session' | 'other'

/**
 * What may be done about an errcode by repeating the call.
 *
 * `never` · `refresh-once` with another access token · `back-off` after a moment, where the call can be repeated.
 */
export type RetryPolicy = 'never' | 'refresh-once' | 'back-off'

/** One row of the errcode table. */
export interface ErrcodeEntry {
  readonly kind: Exclude<WxErrorKind, 'transport' | 'unreadable'>
  readonly retry: RetryPolicy
  readonly mustTapAgain?: boolean
  readonly mustLoginAgain?: boolean
  readonly zh: string
  readonly en: string
}

type Row = ErrcodeEntry & { readonly on?: Partial<Record<EndpointFamily, Partial<ErrcodeEntry>>> }

const never = 'never'
const config = { kind: 'config', retry: never } as const
const permission = { kind: 'permission', retry: never } as const
const apiSecurity = (zh: string, en: string): Row => ({
  ...config,
  zh: `API 安全：${zh}。请核对控制台「API安全」中的密钥、证书与编号。`,
  en: `API security: ${en}. Compare keys, certificates and serial numbers with the console.`,
})

/**
 * Every errcode that is known to reach a caller of this package, and what to do about it.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/errCode
 */
const table: Readonly<Record<number, Row>> = {
  [-1]: {
    kind: 'busy',
    retry: 'back-off',
    zh: '微信系统繁忙，稍候重试。',
    en: 'WeChat is busy. Try again in a moment.',
  },
  40001: {
    kind: 'token',
    retry: 'refresh-once',
    zh: 'access_token 无效或不是最新的。反复出现说明有别的程序在用 /cgi-bin/token 或 force_refresh 换令牌：请统一改用 stable_token 或同一个令牌服务。',
    en: 'The access token is invalid or not the latest. If this keeps coming, another program mints tokens with /cgi-bin/token or force_refresh: move everyone to stable_token or to one token service.',
    on: {
      token: {
        ...config,
        zh: 'AppSecret 错误，或不属于这个 appid，请在小程序后台核对。',
        en: 'The AppSecret is wrong or of another appid. Compare it with the console.',
      },
    },
  },
  40002: {
    ...config,
    zh: 'grant_type 不正确，请检查请求参数。',
    en: 'grant_type is not valid. Check the request.',
  },
  40003: {
    ...config,
    zh: 'openid 不正确，或属于另一个 appid。',
    en: 'The openid is not valid or is of another appid.',
    on: {
      phone: {
        kind: 'code',
        mustTapAgain: true,
        zh: '手机号 code 不属于这个 openid，或 openid 属于另一个 appid。请重新登录后再点一次按钮。',
        en: 'The phone code is not of this openid, or the openid is of another appid. Log in again, then tap the button again.',
      },
    },
  },
  40013: {
    ...config,
    zh: 'appid 不正确，请检查大小写与是否填错。',
    en: 'The appid is not valid. Check its spelling and case.',
    on: {
      phone: {
        kind: 'code',
        mustTapAgain: true,
        zh: '手机号 code 属于另一个小程序，请检查前端与服务端用的是否是同一个 appid。',
        en: 'The phone code is of another mini program. Check that client and server use the same appid.',
      },
    },
  },
  40014: {
    kind: 'token',
    retry: 'refresh-once',
    zh: 'access_token 格式不正确，请检查是否被截断（至少预留 512 个字符）。',
    en: 'The access token is malformed. Check that it was not cut off (reserve at least 512 characters).',
  },
  40029: {
    kind: 'code',
    retry: never,
    zh: 'code 无效：写错了、已过期或已被使用。',
    en: 'The code is not valid: wrong, expired or already used.',
    on: {
      phone: {
        mustTapAgain: true,
        zh: '手机号 code 无效：已超过 5 分钟（从点击按钮算起）、已被使用过，或不是这个小程序的按钮事件给出的。请让用户再点一次按钮。',
        en: 'The phone code is not valid: older than 5 minutes (counted from the tap), already used, or not from the button event of this mini program. Ask the user to tap again.',
      },
      session: {
        mustLoginAgain: true,
        zh: '登录 code 无效：已超过 5 分钟、写错了，或属于另一个 appid。请重新调用 wx.login。',
        en: 'The login code is not valid: older than 5 minutes, wrong, or of another appid. Call wx.login again.',
      },
    },
  },
  40066: {
    ...config,
    zh: '接口路径不正确，请对照微信文档检查 path。',
    en: 'The path is not one of WeChat. Check it against its documentation.',
  },
  40097: {
    ...config,
    zh: '参数不正确；若发送的是加密报文，请确认小程序已启用 API 安全。',
    en: 'The arguments are not valid. If the body was encrypted, check that API security is switched on for this mini program.',
  },
  40125: {
    ...config,
    zh: 'AppSecret 不正确，可能已被重置，请在小程序后台核对后更新配置。',
    en: 'The AppSecret is wrong; it may have been reset. Compare it with the console and mend the configuration.',
  },
  40163: {
    kind: 'code',
    retry: never,
    mustLoginAgain: true,
    zh: '登录 code 已被使用过，每个 code 只能用一次。请重新调用 wx.login；若是重复请求，请让服务端对同一个 code 返回同一个结果。',
    en: 'The login code has been used; each works once. Call wx.login again; if the request was repeated, answer the same code with the same result.',
  },
  40164: {
    ...config,
    zh: '调用方 IP 不在白名单中（errmsg 里有微信看到的 IP），请在小程序后台 IP 白名单中加入它，注意 NAT 出口与 IPv6。',
    en: 'The calling IP is not on the whitelist (errmsg names the IP that WeChat saw). Add it in the console; mind NAT and IPv6.',
  },
  40226: {
    kind: 'user-risk',
    retry: never,
    zh: '微信判定该用户为高风险，禁止登录。请拒绝本次登录，并提供其他方式。',
    en: 'WeChat rates this user as high-risk and blocks the login. Refuse it and offer another way in.',
  },
  40230: apiSecurity('请求头缺少 Serial', 'the Serial header is missing'),
  40231: apiSecurity('请求头缺少 TimeStamp', 'the TimeStamp header is missing'),
  40232: apiSecurity('请求头缺少 Signature', 'the Signature header is missing'),
  40233: apiSecurity('请求头缺少 Appid', 'the Appid header is missing'),
  40234: apiSecurity('签名错误', 'the signature is wrong'),
  40235: apiSecurity('解密失败或报文未加密', 'decryption failed or the body was not encrypted'),
  40236: apiSecurity('appid 无效', 'the appid is not valid'),
  40237: apiSecurity('appid 与 access_token 不匹配', 'the appid is not that of the access token'),
  40238: apiSecurity('没有配置对称密钥', 'no symmetric key is configured'),
  40239: apiSecurity('没有配置公钥', 'no public key is configured'),
  40240: apiSecurity(
    '时间戳超出允许范围，请校准服务器时钟',
    'the time stamp is out of tolerance: set the clock of this server',
  ),
  40243: {
    ...config,
    zh: 'AppSecret 已被冻结，请在小程序后台解冻（约 10 分钟生效）。',
    en: 'The AppSecret is frozen. Unfreeze it in the console (takes about 10 minutes).',
  },
  41001: {
    ...config,
    zh: '缺少 access_token：它必须放在 URL 参数里。',
    en: 'The access token is missing: it must be in the query.',
  },
  41002: { ...config, zh: '缺少 appid 参数。', en: 'The appid is missing from the request.' },
  41004: {
    ...config,
    zh: '缺少 secret 参数，请配置 appSecret。',
    en: 'The secret is missing. Configure appSecret.',
  },
  41008: {
    kind: 'code',
    retry: never,
    mustLoginAgain: true,
    zh: '缺少登录 code，请传入 wx.login 得到的 code。',
    en: 'The login code is missing. Hand in the code of wx.login.',
  },
  42001: {
    kind: 'token',
    retry: 'refresh-once',
    zh: 'access_token 已过期。',
    en: 'The access token has expired.',
  },
  43001: { ...config, zh: '该接口需要 GET。', en: 'This call must be a GET.' },
  43002: { ...config, zh: '该接口需要 POST。', en: 'This call must be a POST.' },
  43003: {
    ...config,
    zh: '该接口需要 HTTPS，请检查 hosts。',
    en: 'This call must be made over HTTPS. Check hosts.',
  },
  44002: { ...config, zh: '请求体为空。', en: 'The request body is empty.' },
  45002: { ...config, zh: '内容过长。', en: 'The content is too long.' },
  45009: {
    kind: 'quota',
    retry: never,
    zh: '该接口当日调用额度已用完。请停止调用并告警；可用 clearQuota 清零（每月 10 次）或等待次日重置。',
    en: 'The daily quota of this call is used up. Stop calling and raise an alarm; clear it with clearQuota (10 a month) or wait for the next day.',
  },
  45011: {
    kind: 'busy',
    retry: 'back-off',
    zh: '调用过于频繁（分钟级限制），请放慢，下一分钟再试。',
    en: 'Too many calls this minute. Slow down and try again in the next.',
  },
  45035: {
    ...config,
    zh: '调用方 IP 未登记（第三方平台），请在平台后台登记。',
    en: 'The calling IP is not registered (third-party platform). Register it.',
  },
  47001: {
    ...config,
    zh: '请求体格式错误：必须是 JSON、带 Content-Length、字段名正确。',
    en: 'The body is not readable: it must be JSON with a Content-Length and the right key names.',
  },
  48001: {
    ...permission,
    zh: '没有该接口的权限：access_token 属于别的账号（如公众号），或账号类型不支持（个人或未认证小程序）。',
    en: 'The account may not make this call: the access token is of another account (an official account, say), or the account type lacks it (personal or unverified).',
  },
  48004: {
    ...permission,
    zh: '接口因违规被封禁，请查看小程序后台通知。',
    en: 'The call is forbidden because of irregularities. See the notices in the console.',
  },
  48006: {
    kind: 'quota',
    retry: never,
    zh: '本月的额度清零次数（10 次）已用完。',
    en: 'The 10 quota clearances of this month are used up.',
  },
  50002: {
    ...permission,
    zh: '账号受限，请在小程序后台查看账号状态。',
    en: 'The account is limited. See its state in the console.',
  },
  50004: {
    ...permission,
    zh: '该账号被禁止获取 access_token，请在小程序后台查看账号状态。',
    en: 'The account may not fetch access tokens. See its state in the console.',
  },
  50007: {
    ...permission,
    zh: '账号已被冻结，请在小程序后台查看账号状态。',
    en: 'The account is frozen. See its state in the console.',
  },
  61004: {
    ...config,
    zh: '调用方 IP 未登记（第三方平台），请在平台后台登记。',
    en: 'The calling IP is not registered (third-party platform). Register it.',
  },
  61007: {
    ...permission,
    zh: '第三方平台没有该接口的授权，请让小程序重新授权（权限集 18）。',
    en: 'The third-party platform lacks authorisation for this call. Have the mini program authorise set 18 again.',
  },
  61024: {
    ...permission,
    zh: '第三方平台代调用时用错了令牌，请使用 authorizer_access_token。',
    en: 'A third-party platform must make this call with authorizer_access_token.',
    on: {
      token: {
        zh: '这个 appid 属于第三方平台，不是小程序，请填写小程序的 appid 与 AppSecret。',
        en: 'This appid is of a third-party platform and not of a mini program. Give appid and AppSecret of the mini program.',
      },
    },
  },
  76001: { ...config, zh: '没有找到这个 rid。', en: 'This rid was not found.' },
  76002: { ...config, zh: 'rid 不正确。', en: 'The rid is not valid.' },
  76003: {
    ...permission,
    zh: '不能查询：rid 属于别的账号，或 cgi_path 前缀不正确。',
    en: 'May not be looked up: the rid is of another account, or cgi_path has a wrong prefix.',
  },
  76004: { ...config, zh: 'rid 已过期（只保留 7 天）。', en: 'The rid has expired (kept for 7 days).' },
  76021: {
    ...config,
    zh: 'cgi_path 不存在：以 / 开头，不含域名和参数。',
    en: 'This cgi_path does not exist: it starts with / and has neither host nor query.',
  },
  76022: {
    ...permission,
    zh: '该 cgi_path 不支持查询（例如 /sns/*），或没有权限。',
    en: 'This cgi_path cannot be looked up (such as /sns/*), or the account may not.',
  },
  87007: {
    kind: 'code',
    retry: never,
    mustLoginAgain: true,
    zh: 'session_key 不存在或已过期，请重新调用 wx.login。',
    en: 'The session key is gone or has expired. Call wx.login again.',
  },
  87008: {
    ...config,
    zh: 'sig_method 不正确，应为 hmac_sha256。',
    en: 'sig_method is not valid; it must be hmac_sha256.',
  },
  87009: {
    kind: 'code',
    retry: never,
    mustLoginAgain: true,
    zh: '用户签名不正确：session_key 已不是当前的，请重新调用 wx.login。',
    en: 'The user signature is wrong: the session key is no longer the current one. Call wx.login again.',
  },
  89503: {
    ...permission,
    zh: '本 IP 的调用需要管理员确认，请管理员在微信上确认后重试。',
    en: 'Calls from this IP await the confirmation of an administrator. Confirm on the phone, then try again.',
  },
  89506: {
    ...permission,
    zh: '管理员两次拒绝了本 IP 的调用，24 小时内不能再试。',
    en: 'An administrator refused this IP twice; it is blocked for 24 hours.',
  },
  89507: {
    ...permission,
    zh: '管理员拒绝了本 IP 的调用，1 小时内不能再试。',
    en: 'An administrator refused this IP; it is blocked for 1 hour.',
  },
  10120002: {
    ...config,
    zh: '用量查询的参数不正确，请检查 spuId、offset 与 limit（最大 20）。',
    en: 'The usage query is not valid. Check spuId, offset and limit (at most 20).',
  },
}

const unknown: ErrcodeEntry = {
  kind: 'unknown',
  retry: never,
  zh: '未收录的微信错误码，请对照微信文档，并用 rid 在小程序后台查询。',
  en: 'This errcode is not in the table. See the documentation of WeChat and look the rid up in the console.',
}

/** The errcodes of the table, ascending. */
export const knownErrcodes: readonly number[] = Object.keys(table)
  .map(Number)
  .sort((a, b) => a - b)

/** What is known about an errcode, for the kind of call that it answers. Unknown ones are not retryable. */
export function explainErrcode(errcode: number, family: EndpointFamily = 'other'): ErrcodeEntry {
  const row = table[errcode]
  if (row === undefined) return unknown
  const { on, ...entry } = row
  return { ...entry, ...on?.[family] }
}
