import { describe, expect, it } from 'vitest'
import { forecastOf } from '../ledger/forecast.ts'
import { kindNames, kinds } from './kinds.ts'
import type { Readings } from './readings.ts'

const DAY_MS = 86_400_000
const now = 1_700_000_000_000
const quiet: Readings = {
  recentOutcomes: async () => [],
  outlook: async () => [],
  spending: async () => [],
  failingTokens: async () => [],
  taps: async () => [],
  clockOffsets: async () => [],
  databaseClockOffset: async () => 0,
  unopened: async () => [],
  budgetsReached: async () => [],
  differences: async () => [],
  webhooksDisabled: async () => [],
  jobs: async () => [],
  keys: async () => [],
}
const app = { appid: 'wx1', component: 'quick' }
const outcome = (name: string, entries: number, ms = 100) => ({
  appid: 'wx1',
  outcome: name,
  entries,
  askedWeChat: entries,
  wechatMs: entries * ms,
})

/** How a component stands that had so many calls on each day of four weeks. */
const leftIs = (left: number | null, callsADay = 0) => {
  const history = Array.from({ length: 28 }, (_, at) => ({
    startMs: now - (28 - at) * DAY_MS,
    calls: callsADay,
  }))
  return { appid: 'wx1', component: 'quick' as const, left, forecast: forecastOf(history, now, now) }
}

/** What is just not wrong, and what just is. */
const table: Record<(typeof kindNames)[number], { good: Partial<Readings>; bad: Partial<Readings> }> = {
  'balance-low': {
    good: { outlook: async () => [leftIs(1000), leftIs(null)] },
    bad: { outlook: async () => [leftIs(999)] },
  },
  'run-out-near': {
    good: { outlook: async () => [leftIs(700, 100), leftIs(1, 7), leftIs(null, 100)] },
    bad: { outlook: async () => [leftIs(699, 100)] },
  },
  'waste-high': {
    good: { spending: async () => [{ ...app, entries: 999, chargeLi: 1000, wasteLi: 49 }] },
    bad: { spending: async () => [{ ...app, entries: 999, chargeLi: 1000, wasteLi: 50 }] },
  },
  'budget-reached': { good: {}, bad: { budgetsReached: async () => [{ ...app, dayLi: 1, monthLi: 2 }] } },
  'token-failing': {
    good: { failingTokens: async () => [{ appid: 'wx1', sinceMs: now - 299_000, errcode: 40125 }] },
    bad: { failingTokens: async () => [{ appid: 'wx1', sinceMs: now - 300_000, errcode: null }] },
  },
  'failures-high': {
    // What people and their phones do wrong is no failure of the service.
    good: { recentOutcomes: async () => [outcome('ok', 50), outcome('PHONE_CODE_INVALID', 50)] },
    bad: { recentOutcomes: async () => [outcome('ok', 90), outcome('WECHAT_UNREACHABLE', 10)] },
  },
  'codes-refused': {
    good: { recentOutcomes: async () => [outcome('ok', 71), outcome('LOGIN_CODE_INVALID', 29)] },
    bad: {
      recentOutcomes: async () => [
        outcome('ok', 70),
        outcome('LOGIN_CODE_INVALID', 15),
        outcome('PHONE_CODE_INVALID', 15),
      ],
    },
  },
  'button-blocked': {
    good: {
      taps: async () => [
        { ...app, event: 'ended:quota', entries: 4 },
        { ...app, event: 'ended:denied', entries: 99 },
        { ...app, event: 'ended:constructor', entries: 99 },
      ],
    },
    bad: { taps: async () => [{ ...app, event: 'ended:quota', entries: 5 }] },
  },
  'refusals-high': {
    good: {
      taps: async () => [
        { ...app, event: 'consented', entries: 41 },
        { ...app, event: 'ended:denied', entries: 59 },
        { ...app, event: 'ended:network', entries: 99 },
      ],
    },
    bad: {
      taps: async () => [
        { ...app, event: 'consented', entries: 40 },
        { ...app, event: 'ended:denied', entries: 60 },
      ],
    },
  },
  'clock-off': {
    good: {
      clockOffsets: async () => [0, 59_000, -90_000, 90_000],
      databaseClockOffset: async () => -59_000,
    },
    bad: { clockOffsets: async () => [0, 0, -90_000, -80_000, -70_000] },
  },
  'wechat-slow': {
    good: { recentOutcomes: async () => [outcome('ok', 50, 2999)] },
    bad: { recentOutcomes: async () => [outcome('ok', 50, 3000)] },
  },
  'reconciliation-off': {
    good: { differences: async () => [{ ...app, ours: 1000, unexplained: 19 }] },
    bad: { differences: async () => [{ ...app, ours: 1000, unexplained: -20 }] },
  },
  'webhook-disabled': {
    good: {},
    bad: { webhooksDisabled: async () => [{ id: 'e1', host: 'shop.example', reason: 'failing' }] },
  },
  'job-failing': {
    good: { jobs: async () => [{ name: 'j', failures: 2 }] },
    bad: { jobs: async () => [{ name: 'j', failures: 3 }] },
  },
  'number-unreadable': {
    good: { keys: async () => [{ id: 'k', isHere: true, isOld: true, sinceMs: now - 6 * DAY_MS }] },
    bad: { keys: async () => [{ id: 'k', isHere: false, isOld: false, sinceMs: now }] },
  },
  'sms-budget-reached': {
    good: { recentOutcomes: async () => [outcome('SMS_CODE_WRONG', 3)] },
    bad: { recentOutcomes: async () => [outcome('SMS_BUDGET_REACHED', 1)] },
  },
}

describe.each(kindNames)('%s', (name) => {
  const kind = kinds[name]
  const { threshold, windowS, minEntries } = kind
  const look = (readings: Partial<Readings>, settings = {}) =>
    kind.look({ ...quiet, ...readings }, { threshold, windowS, minEntries, ...settings }, now)

  it('rings at its threshold and not before, and says what is wrong and what to do', async () => {
    expect(await look({})).toEqual([])
    expect(await look(table[name].good)).toEqual([])
    const [found, ...more] = await look(table[name].bad)
    expect(more).toEqual([])
    const said = kind.describe(found?.data ?? {})
    for (const text of [said.zh, said.en, kind.whatToDo.zh, kind.whatToDo.en]) {
      expect(text).not.toMatch(/undefined|NaN/)
      expect(text.length).toBeGreaterThan(3)
    }
  })

  it('holds for the apps it is asked for', async () => {
    const [found] = await look(table[name].bad)
    if (found?.appid === null) return
    expect(await look(table[name].bad, { appids: ['wx2'] })).toEqual([])
    expect(await look(table[name].bad, { appids: ['wx1'] })).toHaveLength(1)
  })
})

it('finds a change of keys that does not end', async () => {
  const keys = async () => [{ id: 'k', isHere: true, isOld: true, sinceMs: now - 7 * DAY_MS }]
  const { threshold, windowS, minEntries } = kinds['number-unreadable']
  const found = await kinds['number-unreadable'].look(
    { ...quiet, keys },
    { threshold, windowS, minEntries },
    now,
  )
  expect(found.map(({ cause }) => cause)).toEqual(['stuck k'])
})

it.each([
  ['WeChat', { clockOffsets: async () => [0, 61_000, 90_000, 70_000] }, 70],
  ['database', { databaseClockOffset: async () => -300_000 }, -300],
])('finds a clock that is off beside that of the %s', async (cause, readings, offS) => {
  const { threshold, windowS, minEntries, look, describe } = kinds['clock-off']
  const found = await look({ ...quiet, ...readings }, { threshold, windowS, minEntries }, now)
  expect(found).toEqual([{ cause, appid: null, data: { beside: cause, offS } }])
  expect(describe(found[0]?.data ?? {}).zh).toContain(offS > 0 ? `快 ${offS} 秒` : `慢 ${-offS} 秒`)
})

it('tells of what does not open, and for each way in which a button is blocked', async () => {
  const asked = { threshold: 5, windowS: 3600, minEntries: 0 }
  const unopened = async () => ['app-secret (k1)']
  const [found] = await kinds['number-unreadable'].look({ ...quiet, unopened }, asked, now)
  expect(kinds['number-unreadable'].describe(found?.data ?? {}).en).toContain('app-secret (k1)')
  const endings = ['quota', 'no-permission', 'permission-withdrawn', 'privacy-not-declared']
  const taps = async () => endings.map((ending) => ({ ...app, event: `ended:${ending}`, entries: 5 }))
  const blocked = await kinds['button-blocked'].look({ ...quiet, taps }, asked, now)
  expect(blocked.map(({ data }) => data.ending)).toEqual(endings)
  for (const { data } of blocked) expect(kinds['button-blocked'].describe(data).zh).not.toContain('：quota')
})
