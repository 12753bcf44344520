import type {
  AdminRole,
  AdminSessionResponse,
  AppView,
  LoginDetail,
  LoginEntry,
  OverviewResponse,
} from '@haoma/protocol/admin'

// Answers as the service gives them, for states of a page that a service in good health does not show.
// Each is checked by its schema before it is used (fake-api.ts).

export const at = '2026-11-25T03:20:45.000Z'
export const appids = ['wx5f0a3c9e7b1d2468', 'wx1b2c3d4e5f607182'] as const
const [first, second] = appids
const uuid = (n: number) =>
  `019ab0c4-7d3e-7${(n % 4096).toString(16).padStart(3, '0')}-8a1b-${(1e11 + n).toString(16).padStart(12, '0')}`
const before = (minutes: number) => new Date(Date.parse(at) - minutes * 60_000).toISOString()

export const sessionOf = (role: AdminRole): AdminSessionResponse => ({
  admin: {
    id: uuid(1),
    username: 'lin.xiaoyu',
    role,
    hasTotp: true,
    isDisabled: false,
    createdAt: before(90_000),
    seenAt: at,
  },
  csrf: 'csrf-token-of-this-session',
  idleInS: 3600,
  endsAt: '2026-11-25T15:20:45.000Z',
})

export const apps: AppView[] = [
  {
    appid: first,
    kind: 'mp-weixin',
    name: '青禾商城',
    source: 'environment',
    hasSecret: true,
    secretFrom: 'environment',
    hasApiSecurity: false,
    isEnabled: true,
    settings: { budgets: { quick: { dayLi: 200_000, monthLi: 5_000_000 } } },
    budgetUse: [
      { component: 'quick', dayLi: 84_210, monthLi: 2_104_560, isReached: false },
      { component: 'realtime', dayLi: 1_200, monthLi: 38_400, isReached: false },
    ],
    createdAt: null,
    updatedAt: null,
  },
  {
    appid: second,
    kind: 'mp-weixin',
    name: '青禾会员',
    source: 'database',
    hasSecret: true,
    secretFrom: 'database',
    hasApiSecurity: true,
    isEnabled: true,
    settings: { knownMembersOnly: true, countries: ['CN', 'HK'] },
    budgetUse: [],
    createdAt: before(400_000),
    updatedAt: before(3000),
  },
]

const wave = (n: number) => 0.5 + 0.5 * Math.sin(n * 12.9898) * Math.cos(n * 4.1)
const days = Array.from({ length: 30 }, (_, index) => {
  const day = new Date(Date.parse('2026-10-27T00:00:00Z') + index * 86_400_000).toISOString().slice(0, 10)
  const logins = Math.round(2600 + 900 * wave(index) + (index % 7 > 4 ? 900 : 0))
  const failed = Math.round(logins * (index === 17 ? 0.21 : 0.02 + 0.01 * wave(index + 50)))
  const verified = Math.round(logins * 0.42)
  return {
    day,
    logins,
    failed,
    verified,
    newMembers: Math.round(verified * 0.61),
    refusals: Math.round(verified * 0.18),
    spendLi: verified * 30,
    wasteLi: Math.round(verified * 0.7),
  }
})
const empty = { logins: 0, failed: 0, verified: 0, newMembers: 0, refusals: 0, spendLi: 0, wasteLi: 0 }

export const overview: OverviewResponse = {
  at,
  today: days[29] ?? { day: '2026-11-25', ...empty },
  yesterday: days[28] ?? { day: '2026-11-24', ...empty },
  days,
  funnel: [
    { step: 'shown', entries: 84_210 },
    { step: 'tapped', entries: 51_804 },
    { step: 'consented', entries: 42_118 },
    { step: 'exchanged', entries: 41_690 },
    { step: 'bound', entries: 41_233 },
  ],
  failures: [
    {
      outcome: 'PHONE_CODE_INVALID',
      errcode: 40029,
      way: 'login',
      entries: 612,
      lastAt: before(4),
      text: { zh: '手机号 code 无效或已过期', en: 'The phone code is not valid any more' },
      whatToDo: {
        zh: '检查页面是否在点击后立即发送；弱网时 SDK 会在 5 分钟内重发同一个 code。',
        en: 'See that the page sends it right after the tap; the SDK repeats the same code for 5 minutes on a weak network.',
      },
    },
    {
      outcome: 'WECHAT_UNAVAILABLE',
      errcode: null,
      way: 'phone',
      entries: 240,
      lastAt: before(67),
      text: { zh: '微信接口没有响应', en: 'WeChat did not answer' },
      whatToDo: {
        zh: '服务已自动重试；若持续，请看微信的公告。',
        en: 'The service has retried. If it goes on, see WeChat’s notices.',
      },
    },
    {
      outcome: 'COUNTRY_NOT_ALLOWED',
      errcode: null,
      way: 'login',
      entries: 31,
      lastAt: before(1600),
      text: { zh: '该国家或地区的号码未开放', en: 'Numbers of that country are not let in' },
      whatToDo: {
        zh: '在小程序的设置里调整允许的国家和地区。',
        en: 'Change the countries in the settings of the app.',
      },
    },
  ],
  balances: [
    {
      appid: first,
      component: 'quick',
      spentTodayLi: 84_210,
      spentMonthLi: 2_104_560,
      left: 31_200,
      leftSource: 'wechat',
      runsOutOn: '2026-12-02',
      runsOutEarliest: '2026-11-30',
      runsOutLatest: '2026-12-05',
    },
    {
      appid: first,
      component: 'realtime',
      spentTodayLi: 1_200,
      spentMonthLi: 38_400,
      left: 870,
      leftSource: 'ours',
      runsOutOn: null,
      runsOutEarliest: null,
      runsOutLatest: null,
    },
    {
      appid: second,
      component: 'quick',
      spentTodayLi: 0,
      spentMonthLi: 0,
      left: null,
      leftSource: null,
      runsOutOn: null,
      runsOutEarliest: null,
      runsOutLatest: null,
    },
  ],
  tokens: [
    { appid: first, state: 'warm', expiresInS: 5130, ageS: 2070, lastError: null, errcode: null },
    {
      appid: second,
      state: 'failing',
      expiresInS: null,
      ageS: null,
      errcode: 40164,
      lastError: {
        zh: '本机出口 IP 不在白名单里：在公众平台「开发管理 → IP 白名单」加入 203.0.113.7',
        en: 'This machine’s address is not on the IP list: add 203.0.113.7 on the platform’s page',
      },
    },
  ],
  latency: {
    wechat: { p50Ms: 86, p95Ms: 240, p99Ms: 810 },
    ours: { p50Ms: 97, p95Ms: 268, p99Ms: 1240 },
  },
  openAlerts: 2,
}

export const emptyOverview: OverviewResponse = {
  ...overview,
  today: { day: '2026-11-25', ...empty },
  yesterday: { day: '2026-11-24', ...empty },
  days: days.map(({ day }) => ({ day, ...empty })),
  funnel: overview.funnel.map(({ step }) => ({ step, entries: 0 })),
  failures: [],
  balances: [],
  tokens: [{ appid: first, state: 'none', expiresInS: null, ageS: null, lastError: null, errcode: null }],
  latency: {
    wechat: { p50Ms: null, p95Ms: null, p99Ms: null },
    ours: { p50Ms: null, p95Ms: null, p99Ms: null },
  },
  openAlerts: 0,
}

const outcomes = ['ok', 'ok', 'ok', 'PHONE_CODE_INVALID', 'ok', 'WECHAT_UNAVAILABLE', 'ok', 'ok'] as const
export const logins: LoginEntry[] = Array.from({ length: 24 }, (_, index) => {
  const outcome = outcomes[index % outcomes.length] ?? 'ok'
  const isCode = outcome === 'PHONE_CODE_INVALID'
  return {
    id: uuid(100 + index),
    supportCode: `7K3MQ${(100 + index)
      .toString(36)
      .toUpperCase()
      .replace(/[ILOU]/g, '9')}X`
      .padEnd(8, '2')
      .slice(0, 8),
    at: before(index * 3),
    way: index % 5 === 4 ? 'exchange' : index % 3 ? 'login' : 'phone',
    appid: index % 4 === 3 ? second : first,
    clientId: index % 5 === 4 ? 'client-orders' : null,
    component: index % 3 === 1 ? null : 'quick',
    outcome,
    errcode: isCode ? 40029 : null,
    rid: isCode ? '6565b0f1-1c2d3e4f-5a6b7c8d' : null,
    openid: `oQ5x_5F7Vt2kq9c0ZrB1yL3m${String(index).padStart(4, '0')}`,
    memberId: outcome === 'ok' ? uuid(900 + (index % 6)) : null,
    masked: outcome === 'ok' ? `138****${8000 + index}` : null,
    platform: index % 2 ? 'ios' : 'android',
    clientVersion: '1.4.2',
    wechatMs: outcome === 'WECHAT_UNAVAILABLE' ? 8002 : 80 + index * 7,
    totalMs: outcome === 'WECHAT_UNAVAILABLE' ? 8012 : 95 + index * 7,
  }
})

export const loginDetail = (id: string): LoginDetail => {
  const login = logins.find((one) => one.id === id) ?? (logins[3] as LoginEntry)
  const isOk = login.outcome === 'ok'
  return {
    login,
    sessionId: isOk ? uuid(4000) : null,
    deviceId: 'd-7c1f0a',
    steps: [
      {
        atMs: 0,
        durationMs: null,
        name: 'received',
        result: 'ok',
        text: { zh: '收到请求', en: 'Request received' },
      },
      {
        atMs: 2,
        durationMs: 3,
        name: 'intent',
        result: 'ok',
        text: {
          zh: '记下这次换取，code 从此只会用一次',
          en: 'Exchange written down: the code is spent once from here on',
        },
      },
      {
        atMs: 6,
        durationMs: 41,
        name: 'code2session',
        result: 'ok',
        text: { zh: '用登录 code 换到 openid', en: 'Login code became an openid' },
      },
      isOk
        ? {
            atMs: 48,
            durationMs: 44,
            name: 'getuserphonenumber',
            result: 'ok',
            text: { zh: '用手机号 code 换到号码', en: 'Phone code became a number' },
          }
        : {
            atMs: 48,
            durationMs: 39,
            name: 'getuserphonenumber',
            result: 'refused',
            text: { zh: '微信拒绝了手机号 code', en: 'WeChat refused the phone code' },
            facts: { errcode: 40029, rid: login.rid },
          },
      ...(isOk
        ? [
            {
              atMs: 93,
              durationMs: 5,
              name: 'identity',
              result: 'joined',
              text: { zh: '号码属于已有会员，合并到他的账号', en: 'The number is a known member’s: joined' },
            },
            {
              atMs: 99,
              durationMs: 2,
              name: 'session',
              result: 'opened',
              text: { zh: '开始会话', en: 'Session opened' },
            },
          ]
        : []),
    ],
    explanation: {
      whatHappened: isOk
        ? { zh: '登录成功，绑定了号码。', en: 'Signed in, with the number bound.' }
        : {
            zh: '手机号 code 在到达微信之前已过期：从点击到发送过了 6 分 12 秒。',
            en: 'The phone code had expired before it reached WeChat: 6 min 12 s from tap to sending.',
          },
      whatToDo: isOk
        ? { zh: '不用做什么。', en: 'Nothing.' }
        : {
            zh: '让用户再点一次按钮。若常见，检查页面是否在回调里立即发送。',
            en: 'Let the user tap again. If it is frequent, see that the page sends it in the callback.',
          },
    },
    wechat: isOk
      ? null
      : {
          errcode: 40029,
          rid: login.rid,
          text: {
            zh: 'invalid code：code 无效、已用过或已过期',
            en: 'invalid code: not valid, used, or expired',
          },
        },
    ledger: {
      state: isOk ? 'used' : 'expired',
      reason: null,
      cause: isOk ? null : 'expired',
      listLi: 30,
      chargeLi: 30,
      chargedTo: 'pack',
    },
    related: logins.slice(4, 6),
    curl: 'curl \'https://login.example.com/v1/login\' \\\n  -H \'Content-Type: application/json\' \\\n  -d \'{"appid":"wx5f0a3c9e7b1d2468","loginCode":"<loginCode>","phoneCode":"<phoneCode>"}\'',
  }
}
