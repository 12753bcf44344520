import type { OverviewResponse } from '@haoma/protocol/admin'
import type { AppTokens } from '../apps/app-tokens.ts'
import { explain } from '../journal/explain.ts'
import { addClasses, percentileOf } from '../journal/latency.ts'
import { DAY_MS, dayName, dayStart } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Bookkeeper } from '../ledger/book.ts'
import { type ComponentOutlook, type Outlook, runOutView } from '../ledger/outlook.ts'
import type { Database } from '../stores/database.ts'
import type { SumAnswer } from '../stores/ledger-sum-store.ts'
import type { LoginSum } from '../stores/login-store.ts'
import type { TelemetryAnswer } from '../stores/telemetry-store.ts'

type Day = OverviewResponse['today']

/** The first page of the console: how it goes today and went in the days before. */
export interface Overview {
  read(question: { appid?: string | undefined; days: number }): Promise<OverviewResponse>
}

export interface OverviewParts {
  db: Database
  /** Also those that are off. */
  listMiniPrograms(): string[]
  tokens: Pick<AppTokens, 'state'>
  bookkeeper: Pick<Bookkeeper, 'catchUp'>
  outlook: Outlook
  clock: Clock
}

const MOST_FAILURES = 20
const MOST_ALERTS = 1000

export function createOverview({
  db,
  listMiniPrograms,
  tokens,
  bookkeeper,
  outlook,
  clock,
}: OverviewParts): Overview {
  return {
    read: async ({ appid, days }) => {
      await bookkeeper.catchUp()
      const nowMs = clock.now()
      const todayMs = dayStart(nowMs)
      const fromMs = todayMs - (days - 1) * DAY_MS
      const toMs = todayMs + DAY_MS
      const miniPrograms = listMiniPrograms().filter((id) => appid === undefined || id === appid)
      const [logins, told, spent, created, open, balances, health] = await Promise.all([
        db.logins.sums({ appid, fromMs: Math.min(fromMs, todayMs - DAY_MS), untilMs: toMs }),
        db.telemetry.ask({ appid, fromMs: Math.min(fromMs, todayMs - DAY_MS), toMs, byDay: true }),
        db.ledgerSums.ask({
          period: 'day',
          fromMs: Math.min(fromMs, todayMs - DAY_MS),
          toMs,
          appid,
          by: ['startMs', 'state', 'cause'],
        }),
        appid === undefined ? db.members.countNew({ fromMs: Math.min(fromMs, todayMs - DAY_MS), toMs }) : [],
        db.alerts.page({ state: 'open', limit: MOST_ALERTS }),
        outlook.read(miniPrograms),
        Promise.all(miniPrograms.map((id) => tokens.state(id))),
      ])

      const table = tableOfDays({ logins, told, spent, created })
      const within = logins.filter(({ startMs }) => startMs >= fromMs)
      const count = (event: string) =>
        told.reduce(
          (sum, one) => sum + (one.event === event && (one.startMs ?? 0) >= fromMs ? one.entries : 0),
          0,
        )
      const used = spent.filter(({ startMs = 0, state }) => startMs >= fromMs && state === 'used')
      const [wechat, ours] = [[], []] as [number[], number[]]
      for (const { wechatBuckets, totalBuckets } of within) {
        addClasses(wechat, wechatBuckets)
        addClasses(ours, totalBuckets)
      }

      return {
        at: new Date(nowMs).toISOString(),
        today: table(todayMs),
        yesterday: table(todayMs - DAY_MS),
        days: Array.from({ length: days }, (_, i) => table(fromMs + i * DAY_MS)),
        funnel: [
          { step: 'shown', entries: count('shown') },
          { step: 'tapped', entries: count('tapped') },
          { step: 'consented', entries: count('consented') },
          { step: 'exchanged', entries: used.reduce((sum, { entries }) => sum + entries, 0) },
          { step: 'bound', entries: count('bound') },
        ],
        failures: failuresOf(within),
        balances: balances.map(balanceView),
        tokens: health.map((state) => {
          const { lastError, fetchedAtMs } = state
          return {
            appid: state.appid,
            state: state.state,
            expiresInS: state.expiresInS,
            ageS: fetchedAtMs === null ? null : Math.max(0, Math.round((nowMs - fetchedAtMs) / 1000)),
            lastError: lastError && { zh: lastError.texts.zh, en: lastError.texts.en },
            errcode:
              lastError && 'errcode' in lastError && typeof lastError.errcode === 'number'
                ? lastError.errcode
                : null,
          }
        }),
        latency: { wechat: pointsOf(wechat), ours: pointsOf(ours) },
        openAlerts: open.length,
      }
    },
  }
}

const pointsOf = (classes: readonly number[]) => ({
  p50Ms: percentileOf(classes, 0.5),
  p95Ms: percentileOf(classes, 0.95),
  p99Ms: percentileOf(classes, 0.99),
})

function balanceView(of: ComponentOutlook): OverviewResponse['balances'][number] {
  const { forecast, monthLi, ...balance } = of
  return { ...balance, ...runOutView(of) }
}

/** What happened on each day in Shanghai. */
function tableOfDays(of: {
  logins: readonly LoginSum[]
  told: readonly TelemetryAnswer[]
  spent: readonly SumAnswer[]
  created: readonly { startMs: number; entries: number }[]
}): (startMs: number) => Day {
  const days = new Map<number, Day>()
  const at = (ms: number): Day => {
    const startMs = dayStart(ms)
    const day = days.get(startMs) ?? emptyDay(startMs)
    days.set(startMs, day)
    return day
  }
  for (const { startMs, way, outcome, entries } of of.logins) {
    // Asking for a code by SMS is half a login: the other half brings it.
    if (way === 'sms-send') continue
    const day = at(startMs)
    day.logins += entries
    if (outcome !== 'ok') day.failed += entries
    else if (way === 'sms-login') day.verified += entries
  }
  for (const { startMs = 0, event, entries } of of.told) {
    if (event === 'ended:denied') at(startMs).refusals += entries
  }
  for (const { startMs = 0, state, cause, entries, chargeLi } of of.spent) {
    const day = at(startMs)
    if (state === 'used') day.verified += entries
    day.spendLi += chargeLi
    if (cause !== '') day.wasteLi += chargeLi
  }
  for (const { startMs, entries } of of.created) at(startMs).newMembers += entries
  return at
}

const emptyDay = (startMs: number): Day => ({
  day: dayName(startMs),
  logins: 0,
  failed: 0,
  verified: 0,
  newMembers: 0,
  refusals: 0,
  spendLi: 0,
  wasteLi: 0,
})

/** Failures of one cause together, the most frequent first. */
function failuresOf(sums: readonly LoginSum[]): OverviewResponse['failures'] {
  const groups = new Map<string, { of: LoginSum; entries: number; lastMs: number }>()
  for (const sum of sums) {
    if (sum.outcome === 'ok') continue
    const name = `${sum.way} ${sum.outcome} ${sum.errcode}`
    const group = groups.get(name) ?? { of: sum, entries: 0, lastMs: 0 }
    group.entries += sum.entries
    group.lastMs = Math.max(group.lastMs, sum.lastAtMs)
    groups.set(name, group)
  }
  return [...groups.values()]
    .sort((a, b) => b.entries - a.entries)
    .slice(0, MOST_FAILURES)
    .map(({ of: { outcome, errcode, way }, entries, lastMs }) => {
      const { whatHappened, whatToDo } = explain(outcome)
      const lastAt = new Date(lastMs).toISOString()
      return { outcome, errcode: errcode || null, way, entries, lastAt, text: whatHappened, whatToDo }
    })
}
