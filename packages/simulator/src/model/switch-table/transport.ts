import { text } from '../../text.ts'
import { define } from './entry.ts'

/** Scheme, headers and bodies of all calls, API security among them. */
export const transportSwitches = {
  'plain-http': define({
    default: 'accepted',
    values: ['accepted', '43003'],
    text: {
      zh: '不经 HTTPS 的 API 请求：照常响应，或 43003。',
      en: 'API calls without HTTPS: answered as usual, or 43003.',
    },
    source: text(
      '微信返回 43003；本机的开发工具必须接受',
      'WeChat answers 43003; a development tool on loopback has to accept them',
    ),
  }),
  'content-type': define({
    default: 'observed',
    values: ['observed', 'all-json', 'all-text'],
    text: {
      zh: '响应的 Content-Type；observed：sns 为 text/plain，其余为 JSON。',
      en: 'The Content-Type of answers; `observed`: text/plain for sns, JSON for the others.',
    },
    source: text('各接口的报告不一', 'reports differ by endpoint'),
  }),
  'checkencryptedmsg-form': define({
    default: 'answered',
    values: ['answered', '47001'],
    text: {
      zh: 'checkencryptedmsg 收到表单请求体：照常响应，或 47001。',
      en: 'What a form body gets from checkencryptedmsg: an answer, or 47001.',
    },
    source: text(
      '一个 SDK 发表单，其余发 JSON；文档没有写',
      'one SDK sends a form, the others JSON; the page does not say',
    ),
  }),
  'signature-tolerance-s': define({
    default: '300',
    values: ['60', '300', '3600'],
    text: {
      zh: 'API 安全：请求时间戳允许的误差（秒），超出为 40240。',
      en: 'API security: how far the request timestamp may be off, in seconds, before 40240.',
    },
    source: text('没有文档；一个实现用 300', 'undocumented; one implementation uses 300'),
  }),
  'signature-host': define({
    default: 'api.weixin.qq.com',
    values: ['api.weixin.qq.com', 'request-host', 'either'],
    text: {
      zh: 'API 安全：签名串里 URL 的主机名，固定为 api.weixin.qq.com，或请求实际发往的主机。',
      en: 'API security: the host in the URL that is signed: always api.weixin.qq.com, or the host that was called.',
    },
    source: text(
      '样例是 api.weixin.qq.com；其他主机没有文档',
      'the samples show api.weixin.qq.com; other hosts are undocumented',
    ),
  }),
  'signature-serial-header': define({
    default: 'not-required',
    values: ['not-required', 'required'],
    text: {
      zh: 'API 安全：请求头 Wechatmp-Serial 是否必需（缺少为 40230）。',
      en: 'API security: whether the request header Wechatmp-Serial is required (40230 without it).',
    },
    source: text(
      '请求样例没有这个头，但错误码存在',
      'the sample request has no such header, yet the error exists',
    ),
  }),
  'secured-error-body': define({
    default: 'plain',
    values: ['plain', 'encrypted'],
    text: {
      zh: 'API 安全：出错时的响应是明文，还是也加密签名。',
      en: 'API security: whether error answers are plain, or signed and encrypted as well.',
    },
    source: text(
      '线上见过明文错误；是否都如此不明',
      'plain error bodies are seen in the field; whether all are is unknown',
    ),
  }),
}
