import type { Text } from '../text.ts'

interface SwitchEntry<V extends string = string> {
  default: V
  values: readonly V[]
  text: Text
  /** What is known and from where, for those who want to judge the default. */
  source: string
}

const define = <const V extends string>(entry: SwitchEntry<V>) => entry

/**
 * What WeChat's pages leave open, as switches. A default is the answer with the most evidence; where there
 * is none, the one that is safer to develop against.
 */
export const switchTable = {
  'openid-mismatch': define({
    default: '40003',
    values: ['40003', '40029', '47001', 'ignored'],
    text: {
      zh: 'getuserphonenumber 的 openid 与手机号 code 不符时的 errcode；ignored 表示不校验。',
      en: 'The errcode of getuserphonenumber when openid does not own the phone code; `ignored` checks nothing.',
    },
    source: 'getPhoneNumber API page describes the check, not its errcode; one post saw a format error',
  }),
  'cross-app-phone-code': define({
    default: '40013',
    values: ['40013', '40029'],
    text: {
      zh: '用另一个小程序的手机号 code 换号时的 errcode。',
      en: 'The errcode for a phone code that another mini program produced.',
    },
    source: 'both are reported from the field',
  }),
  'force-refresh-too-soon': define({
    default: 'current-token',
    values: ['current-token', '45011'],
    text: {
      zh: '30 秒内再次强制刷新 stable_token 的回答：当前 token，或 45011。',
      en: 'What a forced stable_token within 30 s of the last one answers: the current token, or 45011.',
    },
    source: 'the stable_token page says it does not refresh, and shows no body',
  }),
  'force-refresh-over-limit': define({
    default: '45009',
    values: ['45009', 'current-token'],
    text: {
      zh: '当天第 21 次强制刷新 stable_token 的回答。',
      en: 'What the 21st forced stable_token of a day answers.',
    },
    source: 'the number is documented, the body is one report',
  }),
  'phone-code-after-failure': define({
    default: 'survives',
    values: ['survives', 'consumed'],
    text: {
      zh: '换号请求因 token、格式、频率或 openid 失败后，手机号 code 是否还能用。',
      en: 'Whether a phone code still works after an exchange failed for its token, format, quota or openid.',
    },
    source: 'no source',
  }),
  'check-order': define({
    default: 'token-first',
    values: ['token-first', 'body-first'],
    text: {
      zh: '带 access_token 的接口先查 token 还是先查请求体。',
      en: 'Whether calls with an access_token check the token or the body first.',
    },
    source: 'undocumented; token first is inferred from probe logs',
  }),
  'no-quota-errmsg': define({
    default: 'getPhoneNumber:fail no quota',
    values: ['getPhoneNumber:fail no quota', 'getPhoneNumber:fail', 'getPhoneNumber:fail:no quota'],
    text: {
      zh: '次数用完（errno 1400001）时事件里的 errMsg。',
      en: 'The errMsg in the event when the quota is gone (errno 1400001).',
    },
    source: 'only the errno is documented',
  }),
  'realtime-errmsg-prefix': define({
    default: 'getPhoneNumber',
    values: ['getPhoneNumber', 'getRealtimePhoneNumber'],
    text: {
      zh: '实时验证组件事件里 errMsg 的前缀。',
      en: 'The prefix of errMsg in the events of the realtime component.',
    },
    source: 'one real sample says getPhoneNumber',
  }),
  'late-consent': define({
    default: 'expired-code',
    values: ['expired-code', 'client-time-out'],
    text: {
      zh: '打开面板超过 5 分钟才同意：照常扣费并给出已过期的 code，或在客户端失败（time out，不扣费）。',
      en: 'Consent more than 5 minutes after the tap: a charged code that has expired, or a free failure "time out" on the client.',
    },
    source: 'WeChat staff announced the second in 2023; whether it shipped is unknown',
  }),
  'legacy-token-daily-limit': define({
    default: '10000',
    values: ['2000', '10000', '100000'],
    text: {
      zh: 'GET /cgi-bin/token 每天可调用的次数。',
      en: 'How many calls a day GET /cgi-bin/token allows.',
    },
    source: 'community values: 2,000 in old posts, about 10,000 since 2023',
  }),
  'code2session-per-user-minute': define({
    default: '100',
    values: ['100', 'off'],
    text: {
      zh: 'jscode2session 对同一用户每分钟的次数上限；off 表示不限。',
      en: 'How many jscode2session calls a minute one user may cause; `off` sets no limit.',
    },
    source: 'an older edition of the code2Session page',
  }),
  'signature-tolerance-s': define({
    default: '300',
    values: ['60', '300', '3600'],
    text: {
      zh: 'API 安全：请求时间戳允许的误差（秒），超出为 40240。',
      en: 'API security: how far the request timestamp may be off, in seconds, before 40240.',
    },
    source: 'undocumented; one implementation uses 300',
  }),
  'signature-host': define({
    default: 'api.weixin.qq.com',
    values: ['api.weixin.qq.com', 'request-host', 'either'],
    text: {
      zh: 'API 安全：签名串里 URL 的主机名，固定为 api.weixin.qq.com，或请求实际发往的主机。',
      en: 'API security: the host in the URL that is signed: always api.weixin.qq.com, or the host that was called.',
    },
    source: 'the samples show api.weixin.qq.com; other hosts are undocumented',
  }),
  'signature-serial-header': define({
    default: 'not-required',
    values: ['not-required', 'required'],
    text: {
      zh: 'API 安全：请求头 Wechatmp-Serial 是否必需（缺少为 40230）。',
      en: 'API security: whether the request header Wechatmp-Serial is required (40230 without it).',
    },
    source: 'the sample request has no such header, yet the error exists',
  }),
  'secured-error-body': define({
    default: 'plain',
    values: ['plain', 'encrypted'],
    text: {
      zh: 'API 安全：出错时的回答是明文，还是也加密签名。',
      en: 'API security: whether error answers are plain, or signed and encrypted as well.',
    },
    source: 'plain error bodies are seen in the field; whether all are is unknown',
  }),
  'realtime-spu-id': define({
    default: '10000078',
    values: ['10000078', '10000079'],
    text: {
      zh: '用量接口里实时验证组件的 spuId。',
      en: 'The spuId of the realtime component in the charge usage call.',
    },
    source: 'unknown; both values are made up',
  }),
  'devtools-taps': define({
    default: 'charged',
    values: ['charged', 'free'],
    text: {
      zh: '在开发者工具里点按钮是否计费。',
      en: 'Whether taps in DevTools are charged.',
    },
    source: 'development versions are charged; DevTools itself is not mentioned',
  }),
  'foreign-phone-number': define({
    default: 'no-plus',
    values: ['no-plus', 'plus'],
    text: {
      zh: '境外号码的 phoneNumber 是否带 +。',
      en: 'Whether phoneNumber of a foreign number starts with a plus sign.',
    },
    source: 'the country code is documented, the plus sign is not',
  }),
  'country-code-type': define({
    default: 'string',
    values: ['string', 'number'],
    text: {
      zh: 'phone_info.countryCode 的类型。',
      en: 'The type of phone_info.countryCode.',
    },
    source: 'the page says string and prints a number; a production body has a string',
  }),
  'content-type': define({
    default: 'observed',
    values: ['observed', 'all-json', 'all-text'],
    text: {
      zh: '回答的 Content-Type；observed：sns 为 text/plain，其余为 JSON。',
      en: 'The Content-Type of answers; `observed`: text/plain for sns, JSON for the others.',
    },
    source: 'reports differ by endpoint',
  }),
  'malformed-token': define({
    default: '40001',
    values: ['40001', '40014'],
    text: {
      zh: '形式不对的 access_token 的 errcode。',
      en: 'The errcode for an access_token that cannot be one.',
    },
    source: '40014 is listed, 40001 is what the field mostly shows',
  }),
  'code2session-whitelist': define({
    default: 'not-guarded',
    values: ['not-guarded', 'guarded'],
    text: {
      zh: 'jscode2session 是否受 IP 白名单限制。',
      en: 'Whether the IP whitelist guards jscode2session.',
    },
    source: 'it carries the secret, yet is not on the list of the whitelist page',
  }),
  'code2session-errcode': define({
    default: 'absent',
    values: ['absent', 'zero'],
    text: {
      zh: 'jscode2session 成功时是否带 errcode:0。',
      en: 'Whether a successful jscode2session carries errcode:0.',
    },
    source: 'the newest sample prints it, bodies from the field do not',
  }),
  'session-key-on-login': define({
    default: 'replaced',
    values: ['replaced', 'kept'],
    text: {
      zh: '每次 wx.login 是否换掉 session_key。',
      en: 'Whether each wx.login replaces the session_key.',
    },
    source: 'any new code may replace it',
  }),
  'privacy-min-library': define({
    default: '2.32.3',
    values: ['2.32.3', '2.33.0'],
    text: {
      zh: '从哪个基础库版本起受隐私授权限制。',
      en: 'From which base library on privacy consent is enforced.',
    },
    source: 'two texts conflict',
  }),
  'combined-min-library': define({
    default: '2.33.1',
    values: ['2.32.3', '2.33.0', '2.33.1'],
    text: {
      zh: '从哪个基础库版本起支持 getPhoneNumber|agreePrivacyAuthorization。',
      en: 'From which base library on getPhoneNumber|agreePrivacyAuthorization works.',
    },
    source: 'pages say 2.32.3 and 2.33.1, a test found 2.33.0',
  }),
  'combined-refusal': define({
    default: 'privacy-agreed',
    values: ['privacy-agreed', 'privacy-not-agreed'],
    text: {
      zh: '组合按钮上拒绝手机号时，隐私是否算已同意。',
      en: 'Whether refusing the phone number on a combined button counts as privacy agreed.',
    },
    source: 'community summary',
  }),
  'plain-http': define({
    default: 'accepted',
    values: ['accepted', '43003'],
    text: {
      zh: '不经 HTTPS 的 API 请求：照常回答，或 43003。',
      en: 'API calls without HTTPS: answered as usual, or 43003.',
    },
    source: 'WeChat answers 43003; a development tool on loopback has to accept them',
  }),
} satisfies Record<string, SwitchEntry>
