/**
 * One word for one thing, WeChat's own terms first. `instead` is what is not written, and the test over the text tables
 * looks for it.
 */
export const glossary = [
  {
    zh: '体验额度',
    en: 'trial quota',
    means: 'the 1,000 free calls of each component',
    instead: /体验次数|免费次数/,
  },
  { zh: '资源包', en: 'pack', means: 'calls bought in advance', instead: /套餐(?!包)/ },
  {
    zh: '额度用完 / 额度不足',
    en: 'quota used up',
    means: 'errno 1400001',
    instead: /次数(用完|不足)|quota is gone/,
  },
  { zh: '授权弹窗', en: 'consent sheet', means: 'what a phone button opens', instead: /授权面板/ },
  { zh: '微信模拟器，简称模拟器', en: 'simulator', means: 'the stand-in for WeChat', instead: /模拟微信/ },
  { zh: '控制页', en: 'control page', means: 'the simulator’s page at /', instead: /模拟器控制台/ },
  {
    zh: '撤回隐私授权',
    en: 'withdraw privacy consent',
    means: 'the user agrees no more',
    instead: /忘记隐私|撤回同意/,
  },
  {
    zh: '拒绝',
    en: 'reject',
    means: 'what the user does on the sheet',
    instead: /[Dd]eny (once|next)|Refuse next/,
  },
  { zh: '允许', en: 'allow', means: 'the user’s consent on the sheet', instead: /\bAccept\b(?!-)/ },
  { zh: '响应', en: 'response', means: 'what an API call gets', instead: /回答|回应|应答/ },
  { zh: '注入故障', en: 'inject a fault', means: 'to make calls go wrong', instead: /制造故障|Make a fault/ },
  { zh: '手机号快速验证', en: 'quick', means: 'the component of ¥0.03', instead: /手机号快验/ },
  { zh: '手机号实时验证', en: 'realtime', means: 'the component of ¥0.04', instead: /获取实时手机号码/ },
  {
    zh: '刷新',
    en: 'refresh',
    means: 'a new token takes the place of one',
    instead: /换掉 token|在别处换掉/,
  },
  { zh: '你', en: 'you', means: 'whoever reads', instead: /您/ },
]
