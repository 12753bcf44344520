import type {
  CostSumsResponse,
  ForecastResponse,
  LedgerEntry,
  PackView,
  Reconciliation,
  SmsSummaryResponse,
  WasteResponse,
} from '@haoma/protocol/admin'
import { appids, at } from './fake-data.ts'

// What the cost pages and the SMS page show of a service that works hard, one of whose books does not agree.

const [first, second] = appids
const lastDay = Date.parse('2026-11-26T00:00:00Z')
const dayAt = (days: number) => new Date(lastDay + days * 86_400_000).toISOString().slice(0, 10)
const wave = (n: number) => 0.5 + 0.5 * Math.sin(n * 12.9898) * Math.cos(n * 4.1)
const text = (zh: string, en: string) => ({ zh, en })

const sums = Array.from({ length: 30 }, (_, index) =>
  (['quick', 'realtime'] as const).map((component) => {
    const entries = Math.round((component === 'quick' ? 900 : 120) * (0.7 + 0.6 * wave(index)))
    const listLi = entries * (component === 'quick' ? 30 : 40)
    return {
      start: dayAt(index - 29),
      appid: first,
      component,
      surface: 'login',
      state: 'used',
      cause: null,
      entries,
      listLi,
      chargeLi: Math.round(listLi * 0.8),
    }
  }),
).flat()
const sumOf = (name: 'entries' | 'listLi' | 'chargeLi') => sums.reduce((sum, one) => sum + one[name], 0)
export const costSums: CostSumsResponse = {
  sums,
  totals: {
    entries: sumOf('entries'),
    listLi: sumOf('listLi'),
    chargeLi: sumOf('chargeLi'),
    wasteLi: 18_640,
  },
}

export const waste: WasteResponse = {
  from: dayAt(-29),
  to: dayAt(0),
  causes: [
    {
      cause: 'never-sent',
      component: 'quick',
      entries: 402,
      li: 9_648,
      text: text(
        '用户同意了，code 却没有送到服务。',
        'People consented, and the code never came to the service.',
      ),
      whatToDo: text(
        '看小程序在回调里是否立即发送。',
        'See that the mini program sends it right in the callback.',
      ),
    },
    {
      cause: 'double-tap',
      component: 'realtime',
      entries: 281,
      li: 8_992,
      text: text('同一个人几秒内点了两次。', 'The same person tapped twice within seconds.'),
      whatToDo: text(
        '用 SDK 的按钮，它会防止第二次点击。',
        'Use the button of the SDK, which prevents the second tap.',
      ),
    },
  ],
  totalLi: 18_640,
}

export const forecast: ForecastResponse = {
  forecasts: (['quick', 'realtime'] as const).map((component) => ({
    appid: first,
    component,
    perDay: Array.from({ length: 30 }, (_, index) => {
      const expected = (component === 'quick' ? 900 : 120) * (0.8 + 0.4 * wave(index % 7))
      return {
        day: dayAt(index),
        low: expected * (0.9 - index * 0.006),
        expected,
        high: expected * (1.1 + index * 0.008),
      }
    }),
    weekdays: [860, 840, 855, 890, 960, 1180, 1120],
    monthLi: { low: 702_000, expected: 741_300, high: 798_600 },
    left: component === 'quick' ? 31_200 : 870,
    leftSource: component === 'quick' ? 'wechat' : 'ours',
    runsOutOn: component === 'quick' ? dayAt(33) : null,
    runsOutEarliest: component === 'quick' ? dayAt(29) : null,
    runsOutLatest: component === 'quick' ? dayAt(38) : null,
    basedOnDays: component === 'quick' ? 90 : 5,
  })),
}

export const packs: PackView[] = [
  {
    id: '019ab0c4-7d3e-7001-8a1b-000000000001',
    appid: first,
    component: 'quick',
    kind: 'trial',
    spuId: null,
    entries: 1000,
    priceLi: 0,
    usedEntries: 1000,
    allocatedLi: 0,
    startsAt: '2026-08-01T00:00:00.000Z',
    endsAt: null,
    expiredEntries: 0,
  },
  {
    id: '019ab0c4-7d3e-7001-8a1b-000000000002',
    appid: first,
    component: 'quick',
    kind: 'pack',
    spuId: '10000077',
    entries: 100_000,
    priceLi: 2_400_000,
    usedEntries: 68_800,
    allocatedLi: 1_651_200,
    startsAt: '2026-09-01T00:00:00.000Z',
    endsAt: '2027-08-31T16:00:00.000Z',
    expiredEntries: 0,
  },
]

const book = (changed: Partial<Reconciliation>): Reconciliation => ({
  appid: first,
  component: 'quick',
  spuId: '10000077',
  at,
  since: '2026-10-01T00:00:00.000Z',
  isSettled: true,
  wechatLeft: 31_200,
  wechatUsed: 68_800,
  oursUsed: 68_800,
  difference: 0,
  explained: [],
  error: null,
  ...changed,
})
export const books: Reconciliation[] = [
  book({}),
  book({
    component: 'realtime',
    spuId: '10000078',
    isSettled: false,
    wechatLeft: 870,
    wechatUsed: 4130,
    oursUsed: 4112,
    difference: 18,
    explained: [
      {
        cause: 'telemetry-missing',
        entries: 14,
        text: text('服务从未听说的授权', 'consents never heard of'),
      },
      { cause: 'never-sent', entries: 4, text: text('按钮报告过的授权', 'consents that a button told of') },
    ],
  }),
  book({
    appid: second,
    since: null,
    isSettled: false,
    wechatLeft: null,
    wechatUsed: null,
    oursUsed: null,
    difference: null,
    error: text(
      '微信没有回答：本机地址不在白名单（40164）',
      'WeChat refused: this address is not on its list (40164)',
    ),
  }),
]

export const entries: LedgerEntry[] = (['used', 'expired', 'refused', 'open', 'lost'] as const).map(
  (state, index) => ({
    id: `019ab0c4-7d3e-7002-8a1b-00000000000${index}`,
    appid: first,
    surface: 'login',
    clientId: null,
    component: index % 2 ? 'realtime' : 'quick',
    state,
    reason: state === 'refused' ? 'PHONE_CODE_INVALID' : null,
    cause: state === 'expired' ? 'never-sent' : state === 'lost' ? 'lost' : null,
    source: state === 'expired' ? 'telemetry' : 'intent',
    isBilled: state !== 'refused',
    listLi: index % 2 ? 40 : 30,
    chargeLi: state === 'refused' ? 0 : index % 2 ? 40 : 24,
    chargedTo: 'pack',
    openid: `oQ5x_5F7Vt2kq9c0ZrB1yL3m000${index}`,
    memberId: null,
    errcode: state === 'refused' ? 40029 : null,
    rid: null,
    requestId: state === 'expired' ? null : `019ab0c4-7d3e-7067-8a1b-10000000010${index}`,
    attempts: 1,
    seenAt: at,
    settledAt: state === 'open' ? null : at,
  }),
)

export const sms: SmsSummaryResponse = {
  provider: 'tencent',
  budgetPerDay: 2000,
  sentToday: 312,
  days: Array.from({ length: 30 }, (_, index) => {
    const sent = Math.round(260 * (0.7 + 0.6 * wave(index)))
    const failed = index === 19 ? 140 : Math.round(3 * wave(index + 9))
    return {
      day: dayAt(index - 29),
      sent,
      used: Math.round(sent * 0.86),
      failed,
      unknown: Math.round(2 * wave(index)),
    }
  }),
  errors: [{ error: 'LimitExceeded.PhoneNumberDailyLimit', entries: 41 }],
}
export const smsRequests = (['used', 'sent', 'failed', 'burnt'] as const).map((state, index) => ({
  id: `019ab0c4-7d3e-7003-8a1b-00000000000${index}`,
  appid: first,
  masked: `139****440${index}`,
  state,
  tries: index,
  provider: 'tencent',
  providerRef: '5000:1045710669157053657849499619',
  providerError: state === 'failed' ? 'LimitExceeded.PhoneNumberDailyLimit' : null,
  createdAt: at,
  sentAt: state === 'failed' ? null : at,
  expiresAt: at,
  usedAt: state === 'used' ? at : null,
}))
