import { text } from '../../text.ts'
import { define } from './entry.ts'

/** Tokens and the calls that carry the AppSecret. */
export const tokenSwitches = {
  'force-refresh-too-soon': define({
    default: 'current-token',
    values: ['current-token', '45011'],
    text: {
      zh: '30 秒内再次强制刷新 stable_token 的响应：当前 token，或 45011。',
      en: 'What a forced stable_token within 30 s of the last one answers: the current token, or 45011.',
    },
    source: text(
      'stable_token 页说不会刷新，没有给出响应体',
      'the stable_token page says it does not refresh, and shows no body',
    ),
  }),
  'force-refresh-over-limit': define({
    default: '45009',
    values: ['45009', 'current-token'],
    text: {
      zh: '当天第 21 次强制刷新 stable_token 的响应。',
      en: 'What the 21st forced stable_token of a day answers.',
    },
    source: text('次数有文档，响应体只有一份报告', 'the number is documented, the body is one report'),
  }),
  'legacy-token-daily-limit': define({
    default: '10000',
    values: ['2000', '10000', '100000'],
    text: {
      zh: 'GET /cgi-bin/token 每天可调用的次数。',
      en: 'How many calls a day GET /cgi-bin/token allows.',
    },
    source: text(
      '社区数值：旧帖 2,000，2023 年起约 10,000',
      'community values: 2,000 in old posts, about 10,000 since 2023',
    ),
  }),
  'malformed-token': define({
    default: '40001',
    values: ['40001', '40014'],
    text: {
      zh: '形式不对的 access_token 的 errcode。',
      en: 'The errcode for an access_token that cannot be one.',
    },
    source: text('错误码表有 40014，线上多见 40001', '40014 is listed, 40001 is what the field mostly shows'),
  }),
  'credentials-order': define({
    default: 'appid-first',
    values: ['appid-first', 'grant-type-first'],
    text: {
      zh: '取 token 时先查 appid 还是先查 grant_type。',
      en: 'Whether the token calls check the appid or the grant_type first.',
    },
    source: text(
      '一次探测：appid 不存在时，缺少 grant_type 仍是 40013',
      'one probe: with an unknown appid, a missing grant_type still answers 40013',
    ),
  }),
  'get-calls-by-post': define({
    default: 'answered',
    values: ['answered', '43001'],
    text: {
      zh: '用 POST（表单或查询参数）调用 jscode2session 与 GET /cgi-bin/token：照常响应，或 43001。',
      en: 'What POST (a form, or a query) to jscode2session and /cgi-bin/token gets: the answer of GET, or 43001.',
    },
    source: text(
      '文档写 GET；许多公开后端用 POST，其中两份在注释里保留了微信的响应',
      'the pages say GET; many public back ends use POST, two keep WeChat’s answer in a comment',
    ),
  }),
  'code2session-per-user-minute': define({
    default: '100',
    values: ['100', 'off'],
    text: {
      zh: 'jscode2session 对同一用户每分钟的次数上限；off 表示不限。',
      en: 'How many jscode2session calls a minute one user may cause; `off` sets no limit.',
    },
    source: text('code2Session 页的旧版', 'an older edition of the code2Session page'),
  }),
  'code2session-whitelist': define({
    default: 'not-guarded',
    values: ['not-guarded', 'guarded'],
    text: {
      zh: 'jscode2session 是否受 IP 白名单限制。',
      en: 'Whether the IP whitelist guards jscode2session.',
    },
    source: text(
      '它带密钥，但不在白名单页的列表里',
      'it carries the secret, yet is not on the list of the whitelist page',
    ),
  }),
  'code2session-errcode': define({
    default: 'absent',
    values: ['absent', 'zero'],
    text: {
      zh: 'jscode2session 成功时是否带 errcode:0。',
      en: 'Whether a successful jscode2session carries errcode:0.',
    },
    source: text('最新样例有，线上响应没有', 'the newest sample prints it, bodies from the field do not'),
  }),
  'code2session-openid': define({
    default: 'filled',
    values: ['filled', 'empty'],
    text: {
      zh: 'jscode2session 成功时 openid 是否可能为空字符串。',
      en: 'Whether a successful jscode2session has an openid, or an empty text in its place.',
    },
    source: text('openid 为空的公开报告', 'public reports of an empty openid'),
  }),
  'session-key-on-login': define({
    default: 'replaced',
    values: ['replaced', 'kept'],
    text: {
      zh: '每次 wx.login 是否换掉 session_key。',
      en: 'Whether each wx.login replaces the session_key.',
    },
    source: text('任何新 code 都可能换掉它', 'any new code may replace it'),
  }),
}
