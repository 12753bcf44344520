import type { AlertKind, TextPair } from '@haoma/protocol/admin'
import type { AlertSettings } from '../stores/alert-store.ts'
import type { Readings } from './readings.ts'

/** Something that is wrong now. */
export interface Finding {
  /** Names it among all that a rule may find: the same words for the same cause, however often it is looked at. */
  cause: string
  appid: string | null
  /** What the texts are made of. */
  data: Record<string, string | number>
}

/** What a rule asks for, with the defaults of its kind in place. */
export interface Asked extends AlertSettings {
  threshold: number
  windowS: number
  minEntries: number
}

export interface Kind {
  text: TextPair
  unit: TextPair
  /** The defaults. */
  threshold: number
  windowS: number
  minEntries: number
  /** What is wrong by this rule. */
  look(readings: Readings, asked: Asked, nowMs: number): Promise<Finding[]>
  /** One alert in a sentence. */
  describe(data: Finding['data']): TextPair
  whatToDo: TextPair
}

const HOUR_S = 3600
const DAY_S = 86_400
const calls: TextPair = { zh: '次', en: 'calls' }
const percent: TextPair = { zh: '%', en: '%' }
const times: TextPair = { zh: '次', en: 'times' }

/** An app and a component; what a rule leaves out is any. */
const isMeant = (of: { appid: string; component?: string }, { appids, components }: Asked) =>
  (!appids?.length || appids.includes(of.appid)) &&
  (!components?.length || of.component === undefined || components.includes(of.component))

const percentOf = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10)
const yuan = (li: string | number | undefined) => (Number(li) / 1000).toFixed(2)

/** Ends that are somebody's to mend; the others are those of people and of their phones. */
const FAILURES =
  /^(WECHAT_|STORE_UNAVAILABLE$|INTERNAL$|PHONE_CODE_LOST$|PHONE_UNREADABLE$|SMS_SEND_FAILED$|SMS_BUDGET_REACHED$)/

/** Everything that can be watched. A new kind is a new row. */
export const kinds: Record<AlertKind, Kind> = {
  'balance-low': {
    text: { zh: '微信侧余量不足', en: 'Few calls are left at WeChat' },
    unit: calls,
    threshold: 1000,
    windowS: 6 * HOUR_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) =>
      (await readings.balances(nowMs - asked.windowS * 1000))
        .filter((one) => isMeant(one, asked) && one.left < asked.threshold)
        .map(({ appid, component, left }) => ({
          cause: `${appid} ${component}`,
          appid,
          data: { component, left },
        })),
    describe: ({ component, left }) => ({
      zh: `${component} 还剩 ${left} 次`,
      en: `${left} calls of ${component} are left`,
    }),
    whatToDo: {
      zh: '在微信公众平台购买资源包；用完后按钮会报 1400001。',
      en: "Buy a pack in WeChat's console. Once they are used up the button fails with 1400001.",
    },
  },
  'run-out-near': {
    text: { zh: '余量按目前的速度即将用完', en: 'What is left runs out soon at this pace' },
    unit: { zh: '天', en: 'days' },
    threshold: 7,
    windowS: 7 * DAY_S,
    minEntries: 50,
    look: async (readings, asked, nowMs) => {
      const [left, spent] = await Promise.all([
        readings.balances(nowMs - DAY_S * 1000),
        readings.spending(nowMs - asked.windowS * 1000),
      ])
      return left
        .filter((one) => isMeant(one, asked))
        .flatMap((one) => {
          const entries =
            spent.find((of) => of.appid === one.appid && of.component === one.component)?.entries ?? 0
          if (entries < asked.minEntries) return []
          const days = Math.max(0, Math.floor(one.left / (entries / (asked.windowS / DAY_S))))
          if (days >= asked.threshold) return []
          const { appid, component } = one
          return [{ cause: `${appid} ${component}`, appid, data: { component, left: one.left, days } }]
        })
    },
    describe: ({ component, left, days }) => ({
      zh: `${component} 还剩 ${left} 次，按近来的速度约 ${days} 天后用完`,
      en: `${left} calls of ${component} are left, which is about ${days} days`,
    }),
    whatToDo: { zh: '提前购买资源包。', en: 'Buy a pack in time.' },
  },
  'waste-high': {
    text: { zh: '已计费却没有用上的比例高', en: 'Much of what is paid for is wasted' },
    unit: percent,
    threshold: 5,
    windowS: DAY_S,
    minEntries: 200,
    look: async (readings, asked, nowMs) =>
      (await readings.spending(nowMs - asked.windowS * 1000))
        .filter((one) => isMeant(one, asked) && one.entries >= asked.minEntries)
        .map((one) => ({ ...one, share: percentOf(one.wasteLi, one.chargeLi) }))
        .filter(({ share }) => share >= asked.threshold)
        .map(({ appid, component, share, wasteLi }) => ({
          cause: `${appid} ${component}`,
          appid,
          data: { component, share, wasteLi },
        })),
    describe: ({ component, share, wasteLi }) => ({
      zh: `${component} 有 ${share}% 的费用（${yuan(wasteLi)} 元）没有换来号码`,
      en: `${share}% of the cost of ${component} (${yuan(wasteLi)} yuan) brought no number`,
    }),
    whatToDo: {
      zh: '在「费用」的浪费一栏看原因：过期、重复点击、结果丢失、未发送。',
      en: 'See the causes under Cost: expired, double taps, lost answers, never sent.',
    },
  },
  'budget-reached': {
    text: { zh: '预算用完', en: 'A budget is used up' },
    unit: percent,
    threshold: 100,
    windowS: DAY_S,
    minEntries: 0,
    look: async (readings, asked) =>
      (await readings.budgetsReached())
        .filter((one) => isMeant(one, asked))
        .map(({ appid, component, dayLi, monthLi }) => ({
          cause: `${appid} ${component}`,
          appid,
          data: { component, dayLi, monthLi },
        })),
    describe: ({ component, dayLi, monthLi }) => ({
      zh: `${component} 的预算已用完（今日 ${yuan(dayLi)} 元，本月 ${yuan(monthLi)} 元），按钮已隐藏`,
      en: `The budget of ${component} is used up (today ${yuan(dayLi)}, this month ${yuan(monthLi)} yuan); its button is hidden`,
    }),
    whatToDo: {
      zh: '在「应用」中调高预算，或等待下一周期。',
      en: 'Raise the budget under Apps, or wait for the next period.',
    },
  },
  'token-failing': {
    text: { zh: 'access_token 获取失败', en: 'No access token can be had' },
    unit: times,
    threshold: 2,
    windowS: 15 * 60,
    minEntries: 0,
    look: async (readings, asked, nowMs) =>
      (await readings.tokenFailures(nowMs - asked.windowS * 1000))
        .filter((one) => isMeant(one, asked) && !one.hasRecovered && one.failures >= asked.threshold)
        .map(({ appid, failures, errcode }) => ({
          cause: appid,
          appid,
          data: { failures, ...(errcode !== null && { errcode }) },
        })),
    describe: ({ failures, errcode }) => ({
      zh: `连续 ${failures} 次失败${errcode === undefined ? '' : `，errcode ${errcode}`}`,
      en: `Failed ${failures} times${errcode === undefined ? '' : `, errcode ${errcode}`}`,
    }),
    whatToDo: {
      zh: '在「应用」中运行检查：AppSecret、IP 白名单、网络。',
      en: 'Run the check under Apps: AppSecret, IP list, network.',
    },
  },
  'failures-high': {
    text: { zh: '登录失败率高', en: 'Many logins fail' },
    unit: percent,
    threshold: 10,
    windowS: 600,
    minEntries: 20,
    look: async (readings, asked, nowMs) => {
      const rows = await readings.recentOutcomes(nowMs - asked.windowS * 1000)
      return byApp(rows, asked).flatMap(({ appid, own }) => {
        const entries = own.reduce((sum, one) => sum + one.entries, 0)
        const bad = own.filter(({ outcome }) => FAILURES.test(outcome))
        const failed = bad.reduce((sum, one) => sum + one.entries, 0)
        const share = percentOf(failed, entries)
        if (entries < asked.minEntries || share < asked.threshold) return []
        const most = [...bad].sort((a, b) => b.entries - a.entries)[0]?.outcome ?? ''
        return [{ cause: appid, appid, data: { share, failed, entries, most } }]
      })
    },
    describe: ({ share, failed, entries, most }) => ({
      zh: `${entries} 次中 ${failed} 次失败（${share}%），最多的是 ${most}`,
      en: `${failed} of ${entries} failed (${share}%), most of them with ${most}`,
    }),
    whatToDo: {
      zh: '在「登录」中按该结果筛选，打开一条看时间线与处理办法。',
      en: 'Filter Logins by that outcome, and open one.',
    },
  },
  'wechat-slow': {
    text: { zh: '微信接口变慢', en: 'WeChat is slow' },
    unit: { zh: '毫秒', en: 'ms' },
    threshold: 3000,
    windowS: 600,
    minEntries: 20,
    look: async (readings, asked, nowMs) => {
      const rows = await readings.recentOutcomes(nowMs - asked.windowS * 1000)
      return byApp(rows, asked).flatMap(({ appid, own }) => {
        const entries = own.reduce((sum, one) => sum + one.askedWeChat, 0)
        const ms = own.reduce((sum, one) => sum + one.wechatMs, 0)
        const averageMs = entries === 0 ? 0 : Math.round(ms / entries)
        if (entries < asked.minEntries || averageMs < asked.threshold) return []
        return [{ cause: appid, appid, data: { averageMs, entries } }]
      })
    },
    describe: ({ averageMs, entries }) => ({
      zh: `${entries} 次平均 ${averageMs} 毫秒`,
      en: `${averageMs} ms on average over ${entries} logins`,
    }),
    whatToDo: {
      zh: '检查到 api.weixin.qq.com 的网络；多为微信侧波动。',
      en: 'Check the network to api.weixin.qq.com; mostly it passes.',
    },
  },
  'reconciliation-off': {
    text: { zh: '与微信的账对不上', en: "WeChat's count and ours differ" },
    unit: percent,
    threshold: 2,
    windowS: DAY_S,
    minEntries: 200,
    look: async (readings, asked, nowMs) =>
      (await readings.differences(nowMs - asked.windowS * 1000))
        .filter((one) => isMeant(one, asked) && one.ours >= asked.minEntries)
        .map((one) => ({ ...one, share: percentOf(Math.abs(one.unexplained), one.ours) }))
        .filter(({ share }) => share >= asked.threshold)
        .map(({ appid, component, unexplained, share }) => ({
          cause: `${appid} ${component}`,
          appid,
          data: { component, unexplained, share },
        })),
    describe: ({ component, unexplained, share }) => ({
      zh: `${component} 有 ${unexplained} 次说不清来历（${share}%）`,
      en: `${unexplained} calls of ${component} cannot be explained (${share}%)`,
    }),
    whatToDo: {
      zh: '在「费用」的对账一栏查看；多为别的程序也在用这个 appid。',
      en: 'See Cost, Reconciliation; often another program uses the appid.',
    },
  },
  'webhook-disabled': {
    text: { zh: 'webhook 已被停用', en: 'A webhook was switched off' },
    unit: times,
    threshold: 1,
    windowS: DAY_S,
    minEntries: 0,
    look: async (readings) =>
      (await readings.webhooksDisabled()).map(({ id, host, reason }) => ({
        cause: id,
        appid: null,
        data: { host, reason },
      })),
    describe: ({ host, reason }) => ({
      zh: `发往 ${host} 的 webhook 已停用（${reason}），事件保留待补发`,
      en: `The webhook to ${host} was switched off (${reason}); its events are held`,
    }),
    whatToDo: {
      zh: '修好接收端，再在「Webhook」中启用。',
      en: 'Mend the receiver, then switch it on under Webhooks.',
    },
  },
  'job-failing': {
    text: { zh: '后台任务连续失败', en: 'A job keeps failing' },
    unit: times,
    threshold: 3,
    windowS: DAY_S,
    minEntries: 0,
    look: async (readings, asked) =>
      (await readings.jobs())
        .filter(({ failures }) => failures >= asked.threshold)
        .map(({ name, failures }) => ({ cause: name, appid: null, data: { job: name, failures } })),
    describe: ({ job, failures }) => ({
      zh: `${job} 已连续失败 ${failures} 次`,
      en: `${job} failed ${failures} times in a row`,
    }),
    whatToDo: { zh: '在「任务」中看它最后的错误。', en: 'See its last error under Jobs.' },
  },
  'number-unreadable': {
    text: {
      zh: '加密的数据打不开，或换密钥没有完成',
      en: 'Sealed values do not open, or a change of keys is stuck',
    },
    unit: { zh: '天', en: 'days' },
    threshold: 7,
    windowS: DAY_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) =>
      (await readings.keys()).flatMap(({ id, isHere, isOld, sinceMs }) => {
        if (!isHere) return [{ cause: `missing ${id}`, appid: null, data: { key: id, problem: 'missing' } }]
        const days = Math.floor((nowMs - sinceMs) / (DAY_S * 1000))
        if (!isOld || days < asked.threshold) return []
        return [{ cause: `stuck ${id}`, appid: null, data: { key: id, problem: 'stuck', days } }]
      }),
    describe: ({ key, problem, days }) =>
      problem === 'missing'
        ? {
            zh: `缺少主密钥 ${key}，用它加密的号码打不开`,
            en: `Master key ${key} is missing; numbers sealed with it do not open`,
          }
        : {
            zh: `换密钥已 ${days} 天未完成，旧密钥 ${key} 仍在使用`,
            en: `The change of keys has not ended for ${days} days; old key ${key} is still needed`,
          },
    whatToDo: {
      zh: '把旧主密钥加回 HAOMA_OLD_MASTER_KEYS；换密钥用 haoma rekey 跑完。',
      en: 'Put the old master key back into HAOMA_OLD_MASTER_KEYS; finish the change with haoma rekey.',
    },
  },
  'sms-budget-reached': {
    text: { zh: '短信预算用完', en: 'The budget for SMS is used up' },
    unit: times,
    threshold: 1,
    windowS: HOUR_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) => {
      const rows = await readings.recentOutcomes(nowMs - asked.windowS * 1000)
      return byApp(rows, asked).flatMap(({ appid, own }) => {
        const refused = own.find(({ outcome }) => outcome === 'SMS_BUDGET_REACHED')?.entries ?? 0
        return refused < asked.threshold ? [] : [{ cause: appid, appid, data: { refused } }]
      })
    },
    describe: ({ refused }) => ({
      zh: `${refused} 次短信因预算用完没有发送`,
      en: `${refused} messages were not sent because the budget is used up`,
    }),
    whatToDo: {
      zh: '调高短信预算，或检查是否被刷。',
      en: 'Raise the budget, or see whether somebody abuses it.',
    },
  },
}

export const kindNames = Object.keys(kinds) as AlertKind[]
export const isKind = (name: string): name is AlertKind => Object.hasOwn(kinds, name)

function byApp<Row extends { appid: string | null }>(rows: readonly Row[], asked: Asked) {
  const appids = [...new Set(rows.flatMap(({ appid }) => appid ?? []))].filter((appid) =>
    isMeant({ appid }, asked),
  )
  return appids.map((appid) => ({ appid, own: rows.filter((row) => row.appid === appid) }))
}
