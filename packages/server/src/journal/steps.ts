/** What can happen to a request, for its timeline. Each has its words in {@link stepTexts}. */
export type StepName = keyof typeof stepTexts

/** What is told beside a step. Names of ours, of WeChat's errors, and durations: never a code, a number or a secret. */
export interface StepFacts {
  kind?: 'login' | 'phone'
  /** How long it took, in milliseconds. */
  ms?: number
  /** How WeChat answered: `ok`, or a name of the wire's error table. */
  outcome?: string
  errcode?: number | undefined
  rid?: string | undefined
  /** State of a code before or after. */
  state?: string
  reason?: string | undefined
  /** What the merge policy decided about the WeChat user and about the number. */
  user?: string | undefined
  number?: string | undefined
}

export interface Step extends StepFacts {
  step: StepName
  /** Since the request came, in milliseconds. */
  atMs: number
}

export const stepTexts = {
  'waited-here': {
    zh: '同一个 code 正在本进程处理，排队等待',
    en: 'Waited for an earlier request with the same code in this process',
  },
  'waited-elsewhere': {
    zh: '同一个 code 正在另一进程处理，等待其结束',
    en: 'Waited for another process that had the same code',
  },
  'written-down': {
    zh: '先把 code 记下，再去问微信',
    en: 'Wrote the code down before asking WeChat',
  },
  'found-ended': {
    zh: '这个 code 之前已有结果',
    en: 'The code had its result from before',
  },
  'found-foreign': {
    zh: '这个 code 由另一设备或客户端先提交，不能告知结果',
    en: 'Another device or client had sent the code first, so nothing is told of it',
  },
  'took-over': {
    zh: '之前处理它的请求没有下文，接手重问',
    en: 'Whoever had the code before is gone; took it over',
  },
  'asked-wechat': { zh: '调用微信接口', en: 'Asked WeChat' },
  replayed: {
    zh: '重发：给出之前的结果，不再消费',
    en: 'Sent again: gave the result of before, spent nothing',
  },
  decided: { zh: '按合并规则判定是谁', en: 'The merge policy decided who it is' },
  'code-ended': { zh: 'code 有了结局', en: 'The code came to its end' },
  'code-kept': { zh: 'code 未被消费，可再用', en: 'The code is not spent and may be sent again' },
  stored: { zh: '写入数据库', en: 'Stored' },
  'not-stored': {
    zh: '数据库暂不可用，结果由后台继续写入',
    en: 'The database was away; storing goes on in the background',
  },
  answered: { zh: '应答', en: 'Answered' },
} as const satisfies Record<string, { zh: string; en: string }>
