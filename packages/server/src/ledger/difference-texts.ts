import type { TextPair } from '@haoma/protocol/admin'
import type { DifferenceCause } from '../stores/balance-store.ts'

/** What each part of a difference between WeChat's count and ours means. */
export const differenceTexts: Record<DifferenceCause, TextPair> = {
  'never-sent': {
    zh: '按钮报告过的授权，代码从未到达服务；微信的数字证明它们已计费，已记入账。',
    en: "consents that a button told of and whose code never came; WeChat's count shows that they were charged, so they are booked now.",
  },
  unproven: {
    zh: '账里有、但此前不知是否计费的调用；微信的数字证明已计费，已记入账。',
    en: "calls that the ledger has, of which nobody knew whether they were charged; WeChat's count shows it, so they are booked now.",
  },
  'in-flight': {
    zh: '读数时还在路上的授权：微信已计，服务稍后才知道。',
    en: 'consents on their way at the reading: counted by WeChat, heard of here a little later.',
  },
  'other-product': {
    zh: '记在集采等其他商品（spuId）资源包上的调用，不在微信的这份余量里。',
    en: 'calls of packs under another product (spuId), such as a group purchase, which are not in this balance of WeChat.',
  },
  free: {
    zh: '免费期内的调用，微信可能不计。',
    en: 'calls in a time in which WeChat charges nothing; it may not count them.',
  },
  devtools: {
    zh: '开发者工具里的授权，微信可能不计。',
    en: 'consents in DevTools, which WeChat may not count.',
  },
  'telemetry-missing': {
    zh: '服务从未听说的授权：按钮的上报丢失、开发版连着别的服务，或别的程序在用同一个 appid。',
    en: 'consents that the service never heard of: what the button told was lost, a development build talks to another server, or another program uses the appid.',
  },
  'not-at-wechat': {
    zh: '我们计了、微信没有计的调用：它的数字可能滞后，下次对账再看。',
    en: 'calls that we count and WeChat does not: its count may lag; see the next reading.',
  },
}

/** Parts that nobody can explain: what an alert looks at. */
export const unexplainedCauses: readonly DifferenceCause[] = ['telemetry-missing', 'not-at-wechat']
