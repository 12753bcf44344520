import { type ErrorCode, errorTable } from '@haoma/protocol'
import { explainErrcode } from '@haoma/wechat'
import type { LoginWay } from '../stores/login-store.ts'

export interface Texts {
  zh: string
  en: string
}

/** What happened, and what whoever is on call does about it. */
export interface Explanation {
  whatHappened: Texts
  whatToDo: Texts
}

const nothingToDo: Texts = { zh: '无需处理。', en: 'Nothing to do.' }

/**
 * Where there is more to say to an operator than to the user. The others are explained by the error table, which speaks to
 * users and their programs.
 */
const explanations: Partial<Record<ErrorCode | 'ok', Explanation>> = {
  ok: { whatHappened: { zh: '成功。', en: 'It succeeded.' }, whatToDo: nothingToDo },
  RATE_LIMITED: {
    whatHappened: {
      zh: '同一来源短时间内请求太多，被限流，没有消费任何 code。',
      en: 'One origin sent too much at once and was made to wait. No code was spent.',
    },
    whatToDo: {
      zh: '多数会自行恢复。若是网关后的大量真实用户，请检查 trustedProxies 是否配置，或调高对应的 limits。',
      en: 'Mostly passes by itself. If these are many real users behind a proxy, check trustedProxies, or raise the limit.',
    },
  },
  UNKNOWN_APP: {
    whatHappened: { zh: '请求带的 appid 不在本服务中。', en: 'The appid of the request is not served here.' },
    whatToDo: {
      zh: '在「应用」中添加这个 appid，或检查前端构建用的 appid。',
      en: 'Add the appid under Apps, or check which appid the front end was built for.',
    },
  },
  LOGIN_CODE_INVALID: {
    whatHappened: {
      zh: '微信不认这个 wx.login 的 code：已用过、超过 5 分钟，或来自另一个 appid。',
      en: 'WeChat does not take this wx.login code: used before, over 5 minutes old, or of another appid.',
    },
    whatToDo: {
      zh: '零星出现是正常的，客户端会重新登录。大量出现时检查 appid 与 AppSecret 是否配对，以及是否有别的后端也在用同一个 code。',
      en: 'A few are normal; the client logs in again. If there are many, check that appid and AppSecret belong together, and that no other back end spends the same codes.',
    },
  },
  PHONE_CODE_INVALID: {
    whatHappened: {
      zh: '微信不认这个手机号 code：已用过、超过 5 分钟，或不属于这个用户。没有换到号码。',
      en: 'WeChat does not take this phone code: used before, over 5 minutes old, or of another user. No number came.',
    },
    whatToDo: {
      zh: '请用户再点一次按钮。反复出现时看时间线：若停留很久才发来，是前端在攒 code；若同一 code 有多条记录，是有人重复消费。',
      en: 'Have the user tap again. If it repeats, look at the timeline: a long way to us means that the front end keeps codes; several requests with one code mean that somebody spends it twice.',
    },
  },
  PHONE_CODE_LOST: {
    whatHappened: {
      zh: '微信已消费该 code，但结果没有送达。这一次很可能已计费。',
      en: 'WeChat spent the code and its answer never arrived. It was most likely charged.',
    },
    whatToDo: {
      zh: '请用户再点一次。频繁出现时检查到 api.weixin.qq.com 的网络和超时设置。',
      en: 'Have the user tap again. If it is frequent, check the network to api.weixin.qq.com and the time-out.',
    },
  },
  IDENTITY_CONFLICT: {
    whatHappened: {
      zh: '这个号码已属于另一位会员，合并规则不让任何一方自动让步。',
      en: 'The number is another member’s, and the merge policy lets nobody give way by itself.',
    },
    whatToDo: {
      zh: '用户可用返回的合并凭证自行合并；也可在「会员」中预览并合并。',
      en: 'The user may join the two with the ticket that was answered; or preview and merge them under Members.',
    },
  },
  WECHAT_MISCONFIGURED: {
    whatHappened: {
      zh: '微信拒绝了我们的配置（AppSecret、IP 白名单、权限或参数），没有消费 code。',
      en: 'WeChat refused our configuration (AppSecret, IP list, permission or a parameter). No code was spent.',
    },
    whatToDo: {
      zh: '现在就处理：在「应用」中运行检查，按微信的错误码修正。期间所有登录都会失败。',
      en: 'Act now: run the check under Apps and mend what WeChat’s code names. Until then every login fails.',
    },
  },
  WECHAT_UNREACHABLE: {
    whatHappened: {
      zh: '连不上微信，请求没有发出，code 未消费。',
      en: 'WeChat could not be reached. Nothing was sent, no code was spent.',
    },
    whatToDo: {
      zh: '检查本机到 api.weixin.qq.com 的网络、DNS 与代理；同一分钟大量出现多为微信或机房故障。',
      en: 'Check network, DNS and proxy to api.weixin.qq.com. Many in one minute mostly mean an outage there or here.',
    },
  },
  WECHAT_NO_ANSWER: {
    whatHappened: {
      zh: '请求已发出，但没有等到微信的结果，不知道 code 是否被消费。',
      en: 'The request was sent and no answer came, so nobody knows whether the code is spent.',
    },
    whatToDo: {
      zh: '客户端会用同一个 code 重试，不会重复消费。看同一 code 的其他记录是否已成功。',
      en: 'The client sends the same code again, and it is not spent twice. See whether another request with this code succeeded.',
    },
  },
  WECHAT_BUSY: {
    whatHappened: { zh: '微信繁忙或正在换令牌。', en: 'WeChat was busy, or the token was being replaced.' },
    whatToDo: {
      zh: '客户端会自动重试。持续出现请看「应用」中的令牌状态，以及是否有别的程序也在换令牌。',
      en: 'Clients try again by themselves. If it lasts, look at the token under Apps, and for another program that replaces it.',
    },
  },
  WECHAT_QUOTA: {
    whatHappened: {
      zh: '接口调用次数已达上限，没有消费 code。',
      en: 'The quota of the call is used up. No code was spent.',
    },
    whatToDo: {
      zh: '每天零点（北京时间）恢复；可在微信后台提升额度，或在「应用」中查看余量。',
      en: 'It comes back at midnight in Shanghai. Raise the quota in WeChat’s console, or see what is left under Apps.',
    },
  },
  STORE_UNAVAILABLE: {
    whatHappened: {
      zh: '数据库暂时不可用。微信的结果若已拿到，后台会继续写入。',
      en: 'The database was away for a moment. What WeChat had answered goes on being stored in the background.',
    },
    whatToDo: {
      zh: '检查数据库与连接数；看同一 code 的后续记录。',
      en: 'Check the database and its connections; see later requests with the same code.',
    },
  },
  INTERNAL: {
    whatHappened: { zh: '服务内部错误。', en: 'A fault of the service itself.' },
    whatToDo: {
      zh: '用请求编号在日志中查找堆栈并上报。',
      en: 'Find the stack in the log by the request id, and report it.',
    },
  },
}

/** Explains how a request ended, from its outcome and WeChat's error. */
export function explain(outcome: string): Explanation {
  const known = explanations[outcome as ErrorCode | 'ok']
  if (known) return known
  const entry = Object.hasOwn(errorTable, outcome) ? errorTable[outcome as ErrorCode] : undefined
  if (!entry) return { whatHappened: { zh: outcome, en: outcome }, whatToDo: nothingToDo }
  return { whatHappened: { zh: entry.text.zh, en: entry.title }, whatToDo: entry.text }
}

/** What WeChat's error means, for the call it was the answer to. */
export function explainWeChat(errcode: number, of: { way: LoginWay; isPhone: boolean }): Texts {
  const { zh, en } = explainErrcode(errcode, of.isPhone ? 'phone' : 'session')
  return { zh, en }
}
