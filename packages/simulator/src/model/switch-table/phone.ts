import { text } from '../../text.ts'
import { define } from './entry.ts'

/** What happens on a phone. */
export const phoneSwitches = {
  'no-quota-errmsg': define({
    default: 'getPhoneNumber:fail no quota',
    values: ['getPhoneNumber:fail no quota', 'getPhoneNumber:fail', 'getPhoneNumber:fail:no quota'],
    text: {
      zh: '额度用完（errno 1400001）时事件里的 errMsg。',
      en: 'The errMsg in the event when the quota is used up (errno 1400001).',
    },
    source: text('文档只写了 errno', 'only the errno is documented'),
  }),
  'realtime-errmsg-prefix': define({
    default: 'getPhoneNumber',
    values: ['getPhoneNumber', 'getRealtimePhoneNumber'],
    text: {
      zh: '实时验证组件事件里 errMsg 的前缀。',
      en: 'The prefix of errMsg in the events of the realtime component.',
    },
    source: text('一份真实样本写的是 getPhoneNumber', 'one real sample says getPhoneNumber'),
  }),
  'realtime-step': define({
    default: 'sms',
    values: ['sms', 'none'],
    text: {
      zh: '手机号实时验证是否要求输入短信验证码。',
      en: 'Whether the realtime component asks for an SMS code.',
    },
    source: text(
      '文档说用“短信等”验证，何时用其他方式没有写',
      'verified by SMS "and the like": when by other means is not said',
    ),
  }),
  'late-consent': define({
    default: 'expired-code',
    values: ['expired-code', 'client-time-out'],
    text: {
      zh: '打开弹窗超过 5 分钟才同意：照常扣费并给出已过期的 code，或在客户端失败（time out，不扣费）。',
      en: 'Consent more than 5 minutes after the tap: a charged code that has expired, or a free failure "time out" on the client.',
    },
    source: text(
      '官方人员 2023 年预告过后者，是否上线不明',
      'WeChat staff announced the second in 2023; whether it shipped is unknown',
    ),
  }),
  'other-platforms-refusal': define({
    default: 'fail user deny',
    values: ['fail user deny', 'fail:user deny'],
    text: {
      zh: 'Windows、Mac、鸿蒙、企业微信上拒绝时 errMsg 的写法。',
      en: 'How a refusal is worded on Windows, Mac, HarmonyOS and WeCom.',
    },
    source: text('没有报告；取开发者工具的写法', 'no report; the wording of DevTools is taken'),
  }),
  'sheet-layout': define({
    default: 'desktop',
    values: ['desktop', 'phone'],
    text: {
      zh: '授权弹窗的样式：桌面端（勾选号码，允许/拒绝），或手机端（用途说明、点号码即同意、不允许、额度用完时半屏提示）。',
      en: 'The look of the consent sheet: of desktop clients (a tick and Allow), or of phones (purpose line, tapping a number consents, 不允许, a half-screen notice when the quota is used up).',
    },
    source: text(
      '公开代码里的仿制页和一份界面自动化，都是二手且不完全一致',
      'replicas and one UI automation in public code, second hand and not all agreeing',
    ),
  }),
  'privacy-min-library': define({
    default: '2.32.3',
    values: ['2.32.3', '2.33.0'],
    text: {
      zh: '从哪个基础库版本起受隐私授权限制。',
      en: 'From which base library on privacy consent is enforced.',
    },
    source: text('两处文档不一致', 'two texts conflict'),
  }),
  'privacy-popup-pause-s': define({
    default: '10',
    values: ['10', 'off'],
    text: {
      zh: '用户拒绝官方隐私弹窗后，多少秒内不再弹出（直接 104）；off 表示每次都弹。',
      en: 'How many seconds WeChat’s privacy popup stays away after a refusal (104 at once); `off` asks each time.',
    },
    source: text('社区总结', 'community summaries'),
  }),
  'combined-min-library': define({
    default: '2.33.1',
    values: ['2.32.3', '2.33.0', '2.33.1'],
    text: {
      zh: '从哪个基础库版本起支持 getPhoneNumber|agreePrivacyAuthorization。',
      en: 'From which base library on getPhoneNumber|agreePrivacyAuthorization works.',
    },
    source: text(
      '文档写 2.32.3 和 2.33.1，实测为 2.33.0',
      'pages say 2.32.3 and 2.33.1, a test found 2.33.0',
    ),
  }),
  'combined-refusal': define({
    default: 'privacy-agreed',
    values: ['privacy-agreed', 'privacy-not-agreed'],
    text: {
      zh: '组合按钮上拒绝手机号时，隐私是否算已同意。',
      en: 'Whether refusing the phone number on a combined button counts as privacy agreed.',
    },
    source: text('社区总结', 'community summary'),
  }),
}
