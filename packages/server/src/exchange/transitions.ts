import type { CodeState } from '../stores/exchange-store.ts'

/** What can happen to a code that has not ended. */
export type CodeEvent =
  | 'answered'
  | 'declined'
  | 'denied'
  | 'barred'
  | 'unreadable'
  | 'untouched'
  | 'unanswered'
  | 'holder-gone'
  | 'overdue'

/** The two states that are not final. */
export type LivingState = Extract<CodeState, 'open' | 'unknown'>

/**
 * Every state that can change, and what each event makes of it. The final states have no row: nothing changes them.
 * docs/exchange-states.md is made from this table.
 */
export const transitions = {
  open: {
    answered: 'used',
    declined: 'refused',
    denied: 'refused',
    barred: 'refused',
    unreadable: 'lost',
    untouched: 'open',
    unanswered: 'unknown',
    'holder-gone': 'unknown',
    overdue: 'expired',
  },
  unknown: {
    answered: 'used',
    declined: 'refused',
    // An attempt before this one spent it: that is what WeChat's no means now.
    denied: 'lost',
    barred: 'refused',
    unreadable: 'lost',
    untouched: 'unknown',
    unanswered: 'unknown',
    'holder-gone': 'unknown',
    overdue: 'lost',
  },
} as const satisfies Record<LivingState, Record<CodeEvent, CodeState>>

/** What each event is, for the page of the documentation. */
export const eventTexts: Record<CodeEvent, { zh: string; en: string }> = {
  answered: { zh: '微信给出结果，并已写入数据库', en: 'WeChat gave the result, and it is stored' },
  declined: {
    zh: '微信给出结果，但本服务的规则不接受（冲突、地区、需再次验证）',
    en: 'WeChat gave the result, and a rule of ours does not take it (conflict, country, another proof needed)',
  },
  denied: { zh: '微信说该 code 无效或已使用', en: 'WeChat says the code is wrong or used' },
  barred: {
    zh: '微信因其他原因拒绝（用户被拦截、appid 不符、两种 code 混用）',
    en: 'WeChat refuses for another reason (user blocked, another app, the other kind of code)',
  },
  unreadable: {
    zh: '应答完整，但其中没有可读的结果',
    en: 'the answer came whole and holds no result that can be read',
  },
  untouched: {
    zh: '请求没有触及该 code（配额、配置、网络不通）',
    en: 'the call did not touch the code (quota, settings, no connection)',
  },
  unanswered: { zh: '请求发出后没有得到结果', en: 'the call was sent and its result never came' },
  'holder-gone': {
    zh: '处理它的进程消失，租约到期',
    en: 'the process that had it is gone and its lease ran out',
  },
  overdue: { zh: '有效期已过，无人处理', en: 'its life is over and nobody has it' },
}

export const stateAfter = <E extends CodeEvent>(state: CodeState, event: E) =>
  transitions[state as LivingState][event]
