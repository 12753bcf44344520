import { text } from '../../text.ts'
import { define } from './entry.ts'

/** The exchange of a phone code. */
export const exchangeSwitches = {
  'openid-mismatch': define({
    default: '40003',
    values: ['40003', '40029', '47001', 'ignored'],
    text: {
      zh: 'getuserphonenumber 的 openid 与手机号 code 不符时的 errcode；ignored 表示不校验。',
      en: 'The errcode of getuserphonenumber when openid does not own the phone code; `ignored` checks nothing.',
    },
    source: text(
      'getPhoneNumber 接口页写了校验，没写 errcode；一篇帖子见到格式错误',
      'getPhoneNumber API page describes the check, not its errcode; one post saw a format error',
    ),
  }),
  'empty-openid': define({
    default: 'ignored',
    values: ['ignored', 'mismatch'],
    text: {
      zh: 'getuserphonenumber 的 openid 为 null 或空字符串时：当作没有传，或按不符处理。',
      en: 'What an openid of null or "" means to getuserphonenumber: that none was sent, or a mismatch.',
    },
    source: text(
      '没有文档；线上有类型的客户端总会带上这个字段',
      'undocumented; typed clients in production always send the field',
    ),
  }),
  'cross-app-phone-code': define({
    default: '40013',
    values: ['40013', '40029'],
    text: {
      zh: '用另一个小程序的手机号 code 换号时的 errcode。',
      en: 'The errcode for a phone code that another mini program produced.',
    },
    source: text('两种都有线上报告', 'both are reported from the field'),
  }),
  'phone-code-after-failure': define({
    default: 'survives',
    values: ['survives', 'consumed'],
    text: {
      zh: '换号请求因 token、格式、频率或 openid 失败后，手机号 code 是否还能用。',
      en: 'Whether a phone code still works after an exchange failed for its token, format, quota or openid.',
    },
    source: text('没有依据', 'no source'),
  }),
  'check-order': define({
    default: 'token-first',
    values: ['token-first', 'body-first'],
    text: {
      zh: '带 access_token 的接口先查 token 还是先查请求体。',
      en: 'Whether calls with an access_token check the token or the body first.',
    },
    source: text(
      '没有文档；从探测记录推断先查 token',
      'undocumented; token first is inferred from probe logs',
    ),
  }),
  'phone-info': define({
    default: 'filled',
    values: ['filled', 'null'],
    text: {
      zh: '换号成功时 phone_info 的内容；null 是少数线上报告里的样子。',
      en: 'What phone_info holds beside errcode 0; `null` is what a few reports show.',
    },
    source: text('公开报告', 'public reports'),
  }),
  'foreign-phone-number': define({
    default: 'no-plus',
    values: ['no-plus', 'plus'],
    text: {
      zh: '境外号码的 phoneNumber 是否带 +。',
      en: 'Whether phoneNumber of a foreign number starts with a plus sign.',
    },
    source: text('区号有文档，加号没有', 'the country code is documented, the plus sign is not'),
  }),
  'country-code-type': define({
    default: 'string',
    values: ['string', 'number', 'plus', 'empty', 'missing'],
    text: {
      zh: 'phone_info.countryCode 的写法：字符串、数字、带 +、空字符串或没有这个字段。',
      en: 'How phone_info.countryCode is written: a text, a number, with a plus sign, empty, or not at all.',
    },
    source: text(
      '文档写字符串、样例是数字；一份线上响应是字符串；其余有报告',
      'the page says string and prints a number; a production body has a string; the others are reported',
    ),
  }),
}
