import type { AlertKind, TextPair } from '@haoma/protocol/admin'
import { byApp, DAY_S, HOUR_S, isMeant, type Kind, percent, percentOf, times } from './kind.ts'

/** Ends that are somebody's to mend; the others are those of people and of their phones. */
const FAILURES =
  /^(WECHAT_|STORE_UNAVAILABLE$|INTERNAL$|PHONE_CODE_LOST$|PHONE_UNREADABLE$|SMS_SEND_FAILED$|SMS_BUDGET_REACHED$)/

/** Ends by which WeChat said that a code is none of its own, or spent. */
const REFUSED_CODES = ['LOGIN_CODE_INVALID', 'PHONE_CODE_INVALID']

/** Ends of a tap that nobody who taps can do anything about. */
const blockings = {
  quota: { zh: '额度已用完（1400001）', en: 'the quota is used up (1400001)' },
  'no-permission': { zh: '没有手机号组件的权限', en: 'the app may not use the component' },
  'permission-withdrawn': { zh: '手机号组件的权限被收回', en: 'the component was taken from the app' },
  'privacy-not-declared': {
    zh: '隐私保护指引中没有声明手机号',
    en: 'the privacy guideline does not name the number',
  },
} as const satisfies Record<string, TextPair>
type Blocking = keyof typeof blockings
const isBlocked = (ending: string): ending is Blocking => Object.hasOwn(blockings, ending)

const entriesOf = (rows: readonly { entries: number }[]) =>
  rows.reduce((sum, { entries }) => sum + entries, 0)
const hourOf = (atMs: number) => atMs - (atMs % (HOUR_S * 1000))

/** What keeps people from signing in. */
export const loginKinds = {
  'token-failing': {
    text: { zh: 'access_token 获取失败', en: 'No access token can be had' },
    unit: { zh: '分钟', en: 'minutes' },
    threshold: 5,
    // The history tells of one failure once an hour.
    windowS: 2 * HOUR_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) =>
      (await readings.failingTokens(nowMs - asked.windowS * 1000))
        .filter((one) => isMeant(one, asked))
        .map((one) => ({ ...one, minutes: Math.floor((nowMs - one.sinceMs) / 60_000) }))
        .filter(({ minutes }) => minutes >= asked.threshold)
        .map(({ appid, minutes, errcode }) => ({
          cause: appid,
          appid,
          data: { minutes, ...(errcode !== null && { errcode }) },
        })),
    describe: ({ minutes, errcode }) => ({
      zh: `已失败 ${minutes} 分钟${errcode === undefined ? '' : `，errcode ${errcode}`}`,
      en: `It has failed for ${minutes} minutes${errcode === undefined ? '' : `, errcode ${errcode}`}`,
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
        const entries = entriesOf(own)
        const bad = own.filter(({ outcome }) => FAILURES.test(outcome))
        const failed = entriesOf(bad)
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
  'codes-refused': {
    text: { zh: '微信拒绝了许多 code', en: 'WeChat refuses many codes' },
    unit: percent,
    threshold: 30,
    windowS: 600,
    minEntries: 20,
    look: async (readings, asked, nowMs) => {
      const rows = await readings.recentOutcomes(nowMs - asked.windowS * 1000)
      return byApp(rows, asked).flatMap(({ appid, own }) => {
        const entries = entriesOf(own)
        const refused = entriesOf(own.filter(({ outcome }) => REFUSED_CODES.includes(outcome)))
        const share = percentOf(refused, entries)
        if (entries < asked.minEntries || share < asked.threshold) return []
        return [{ cause: appid, appid, data: { share, refused, entries } }]
      })
    },
    describe: ({ share, refused, entries }) => ({
      zh: `${entries} 次中有 ${refused} 次的 code 被拒（${share}%）`,
      en: `The codes of ${refused} of ${entries} were refused (${share}%)`,
    }),
    whatToDo: {
      zh: '核对前端构建用的 appid 与 AppSecret 是否同一个应用；检查前端是否在攒 code，或有别的后端先消费了它。',
      en: 'Check that the front end was built for the appid of this AppSecret, that it keeps no codes, and that no other back end spends them first.',
    },
  },
  'button-blocked': {
    text: { zh: '手机号按钮不可用', en: 'The button for phone numbers does not work' },
    unit: times,
    threshold: 5,
    windowS: HOUR_S,
    minEntries: 0,
    look: async (readings, asked, nowMs) =>
      (await readings.taps(hourOf(nowMs - asked.windowS * 1000)))
        .map((one) => ({ ...one, ending: one.event.replace(/^ended:/, '') }))
        .filter((one) => isMeant(one, asked) && isBlocked(one.ending) && one.entries >= asked.threshold)
        .map(({ appid, component, ending, entries }) => ({
          cause: `${appid} ${component} ${ending}`,
          appid,
          data: { component, ending, entries },
        })),
    describe: ({ component, ending, entries }) => {
      const { zh, en } = blockings[ending as Blocking] ?? { zh: `${ending}`, en: `${ending}` }
      return {
        zh: `${component} 在用户手机上失败 ${entries} 次：${zh}`,
        en: `${component} failed ${entries} times on people's phones: ${en}`,
      }
    },
    whatToDo: {
      zh: '在微信公众平台处理：购买资源包、开通手机号组件，或在隐私保护指引中声明手机号。',
      en: "In WeChat's console: buy a pack, ask for the component, or declare the number in the privacy guideline.",
    },
  },
  'refusals-high': {
    text: { zh: '拒绝授权手机号的用户多', en: 'Many people refuse to give their number' },
    unit: percent,
    threshold: 60,
    windowS: DAY_S,
    minEntries: 100,
    look: async (readings, asked, nowMs) => {
      const taps = await readings.taps(hourOf(nowMs - asked.windowS * 1000))
      return byApp(taps, asked).flatMap(({ appid, own }) => {
        const meant = own.filter((one) => isMeant(one, asked))
        const consented = entriesOf(meant.filter(({ event }) => event === 'consented'))
        const refused = entriesOf(meant.filter(({ event }) => event === 'ended:denied'))
        const share = percentOf(refused, refused + consented)
        if (refused + consented < asked.minEntries || share < asked.threshold) return []
        return [{ cause: appid, appid, data: { share, refused, consented } }]
      })
    },
    describe: ({ share, refused, consented }) => ({
      zh: `${refused} 次拒绝，${consented} 次同意（${share}%）`,
      en: `${refused} refused and ${consented} consented (${share}%)`,
    }),
    whatToDo: {
      zh: '在需要号码的时候再请求，并说明用途；给出短信登录等其他方式。',
      en: 'Ask when the number is needed, say what for, and offer another way in, such as SMS.',
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
} as const satisfies Partial<Record<AlertKind, Kind>>
