import type { AlertKind } from '@haoma/protocol/admin'
import { DAY_MS } from '../kernel/calendar.ts'
import { byApp, calls, DAY_S, HOUR_S, isMeant, type Kind, percent, percentOf, times, yuan } from './kind.ts'

/** What is wrong with calls that are paid for. */
export const moneyKinds = {
  'balance-low': {
    text: { zh: '余量不足', en: 'Few calls are left' },
    unit: calls,
    threshold: 1000,
    windowS: 0,
    minEntries: 0,
    look: async (readings, asked) =>
      (await readings.outlook()).flatMap((one) => {
        const { appid, component, left } = one
        if (!isMeant(one, asked) || left === null || left >= asked.threshold) return []
        return [{ cause: `${appid} ${component}`, appid, data: { component, left } }]
      }),
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
    text: { zh: '余量按预测即将用完', en: 'What is left runs out soon by the forecast' },
    unit: { zh: '天', en: 'days' },
    threshold: 7,
    windowS: 0,
    // Calls of a usual week.
    minEntries: 50,
    look: async (readings, asked, nowMs) =>
      (await readings.outlook()).flatMap((one) => {
        const { appid, component, left, forecast } = one
        const aWeek = forecast.weekdays.reduce((sum, day) => sum + day, 0)
        if (!isMeant(one, asked) || left === null || aWeek < asked.minEntries) return []
        const { atMs } = forecast.runOut(left)
        if (atMs === null) return []
        const days = Math.floor((atMs - nowMs) / DAY_MS)
        if (days >= asked.threshold) return []
        return [{ cause: `${appid} ${component}`, appid, data: { component, left, days } }]
      }),
    describe: ({ component, left, days }) => ({
      zh: `${component} 还剩 ${left} 次，预计约 ${days} 天后用完`,
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
    windowS: 0,
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
} as const satisfies Partial<Record<AlertKind, Kind>>
