import type { PhoneComponent } from '@haoma/protocol'
import { DAY_MS, dayName, dayStart, monthName, monthRange } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import type { BalanceReading } from '../stores/balance-store.ts'
import type { Database } from '../stores/database.ts'
import type { SumAnswer } from '../stores/ledger-sum-store.ts'
import type { Pack } from '../stores/tariff-store.ts'
import { type Forecast, forecastOf, type RunOut } from './forecast.ts'
import { listPrices, priceLiAt } from './prices.ts'

/** How one component of one app stands, and where it goes. */
export interface ComponentOutlook {
  appid: string
  component: PhoneComponent
  spentTodayLi: number
  spentMonthLi: number
  /** Spend of this month, with what is spent already. */
  monthLi: { low: number; expected: number; high: number }
  /** Calls left: as WeChat says, or else by the packs that were entered here. */
  left: number | null
  leftSource: 'wechat' | 'ours' | null
  forecast: Forecast
}

export interface Outlook {
  /** Of each of the apps, each component. */
  read(appids: readonly string[]): Promise<ComponentOutlook[]>
}

const components: readonly PhoneComponent[] = ['quick', 'realtime']
const HISTORY_DAYS = 56
/** An older reading says little of what is left now. */
const READING_IS_FRESH_MS = 2 * DAY_MS

export interface OutlookParts {
  db: Pick<Database, 'ledger' | 'ledgerSums' | 'balances' | 'tariffs'>
  clock: Clock
}

export function createOutlook({ db, clock }: OutlookParts): Outlook {
  return {
    read: async (appids) => {
      const nowMs = clock.now()
      const todayMs = dayStart(nowMs)
      const month = monthRange(monthName(nowMs)) ?? { fromMs: todayMs, toMs: todayMs + DAY_MS }
      const [sums, readings, packs, prices] = await Promise.all([
        db.ledgerSums.ask({
          period: 'day',
          fromMs: Math.min(todayMs - HISTORY_DAYS * DAY_MS, month.fromMs),
          toMs: todayMs + DAY_MS,
          by: ['startMs', 'appid', 'component'],
        }),
        db.balances.newest(nowMs - READING_IS_FRESH_MS),
        db.tariffs.listPacks(),
        db.tariffs.listPrices(),
      ])
      // WeChat is asked once an hour; what was charged since is known here.
      const sinceReadings = await Promise.all(
        readings.map(({ appid, component, atMs }) =>
          db.ledger.countWhere({ appid, component, afterMs: atMs, toMs: nowMs }),
        ),
      )
      const leftSince = (reading: BalanceReading) =>
        Math.max(0, (reading.wechatLeft ?? 0) - (sinceReadings[readings.indexOf(reading)] ?? 0))
      const outlookOf = (appid: string, component: PhoneComponent): ComponentOutlook => {
        const isOf = (one: { appid?: string; component?: string }) =>
          one.appid === appid && one.component === component
        const own = sums.filter(isOf)
        const usable = packs.filter((pack) => isOf(pack) && isInForce(pack, nowMs))
        const reading = readings.find(isOf)
        const left = reading === undefined ? leftIn(usable) : leftSince(reading)
        const forecast = forecastOf(historyOf(own, todayMs), todayMs, nowMs)
        const spentMonthLi = liSince(own, month.fromMs)
        const perCallLi = liOfACall(own) ?? priceLiAt(component, nowMs, [...listPrices, ...prices])
        const free = leftIn(usable.filter(({ kind }) => kind !== 'pack')) ?? 0
        const toCome = forecast.sumOf((month.toMs - todayMs) / DAY_MS)
        const priced = (calls: number) => spentMonthLi + Math.round(Math.max(0, calls - free) * perCallLi)
        return {
          appid,
          component,
          spentTodayLi: liSince(own, todayMs),
          spentMonthLi,
          monthLi: {
            low: priced(toCome.low),
            expected: priced(toCome.expected),
            high: priced(toCome.high),
          },
          left,
          leftSource: left === null ? null : reading ? 'wechat' : 'ours',
          forecast,
        }
      }
      return appids.flatMap((appid) => components.map((component) => outlookOf(appid, component)))
    },
  }
}

/** When it runs out, by the day in Shanghai; `null` where nobody knows what is left, or how fast it goes. */
export function runOutView({ left, forecast }: ComponentOutlook) {
  const isKnown = left !== null && forecast.basedOnDays > 0
  const { atMs, earliestMs, latestMs } = isKnown ? forecast.runOut(left) : never
  const day = (ms: number | null) => (ms === null ? null : dayName(ms))
  return { runsOutOn: day(atMs), runsOutEarliest: day(earliestMs), runsOutLatest: day(latestMs) }
}

const never: RunOut = { atMs: null, earliestMs: null, latestMs: null }

/** Charged calls of each whole day from the first that had any, before today. */
function historyOf(sums: readonly SumAnswer[], todayMs: number) {
  const days = Array.from({ length: HISTORY_DAYS }, (_, at) => {
    const startMs = todayMs - (HISTORY_DAYS - at) * DAY_MS
    const calls = sums
      .filter((sum) => sum.startMs === startMs)
      .reduce((total, { billedEntries }) => total + billedEntries, 0)
    return { startMs, calls }
  })
  const first = days.findIndex(({ calls }) => calls > 0)
  return first === -1 ? [] : days.slice(first)
}

const liSince = (sums: readonly SumAnswer[], fromMs: number): number =>
  sums.reduce((total, { startMs = 0, chargeLi }) => total + (startMs >= fromMs ? chargeLi : 0), 0)

/** What calls cost lately where they cost anything. */
function liOfACall(sums: readonly SumAnswer[]): number | undefined {
  const paid = sums.filter(({ chargeLi }) => chargeLi > 0)
  const calls = paid.reduce((total, { billedEntries }) => total + billedEntries, 0)
  return calls === 0 ? undefined : paid.reduce((total, { chargeLi }) => total + chargeLi, 0) / calls
}

const isInForce = ({ startsAtMs, endsAtMs }: Pack, nowMs: number): boolean =>
  startsAtMs <= nowMs && (endsAtMs === null || endsAtMs > nowMs)

/** Calls left in packs; `null` where there is none, or one without limit. */
function leftIn(packs: readonly Pack[]): number | null {
  if (packs.length === 0 || packs.some(({ entries }) => entries === null)) return null
  return packs.reduce(
    (total, { entries, usedBefore, usedEntries }) =>
      total + Math.max(0, (entries ?? 0) - usedBefore - usedEntries),
    0,
  )
}
