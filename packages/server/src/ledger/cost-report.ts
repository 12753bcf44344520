import { DAY_MS, dayName, dayStart, monthName, monthRange } from '../kernel/calendar.ts'
import type { WasteCause } from '../stores/ledger-store.ts'
import type { LedgerSumStore, SumAnswer, SumQuestion } from '../stores/ledger-sum-store.ts'
import type { Bookkeeper } from './book.ts'

/** Which days, and of what. */
export type CostQuestion = Pick<SumQuestion, 'fromMs' | 'toMs' | 'appid' | 'component'>

/** Entries and money of a day or a month. */
export interface CostSum extends Required<Omit<SumAnswer, 'startMs'>> {
  /** `2026-11-25` or `2026-11`, in Shanghai. */
  start: string
}

/** Calls that were paid for and brought nothing. */
export type Waste = Required<Pick<SumAnswer, 'component' | 'entries' | 'listLi'>> & {
  cause: Exclude<WasteCause, ''>
}

/** What a component of an app has cost, in li. */
export type SpentSoFar = Required<Pick<SumAnswer, 'appid' | 'component'>> & { dayLi: number; monthLi: number }

/** What it cost, as booked. */
export interface CostReport {
  sums(question: CostQuestion, by: 'day' | 'month'): Promise<CostSum[]>
  /** The most expensive first. */
  waste(question: CostQuestion): Promise<Waste[]>
  /** What each component of each app has cost this day and this month. */
  spending(nowMs: number): Promise<SpentSoFar[]>
}

export interface CostReportParts {
  ledgerSums: Pick<LedgerSumStore, 'ask'>
  /** Brings the sums up to date, for people who look at them. */
  catchUp: Bookkeeper['catchUp']
}

export function createCostReport({ ledgerSums, catchUp }: CostReportParts): CostReport {
  // An answer holds the dimensions that were asked for.
  const ask = async (question: Omit<SumQuestion, 'period'>) =>
    (await ledgerSums.ask({ ...question, period: 'day' })) as Required<SumAnswer>[]

  return {
    sums: async (question, by) => {
      await catchUp()
      const rows = await ask({
        ...question,
        by: ['startMs', 'appid', 'component', 'surface', 'state', 'cause'],
      })
      const nameOf = by === 'day' ? dayName : monthName
      const sums = new Map<string, CostSum>()
      for (const { startMs, ...row } of rows) {
        const start = nameOf(startMs)
        const key = JSON.stringify([start, row.appid, row.component, row.surface, row.state, row.cause])
        const sum = sums.get(key)
        if (sum) {
          sum.entries += row.entries
          sum.billedEntries += row.billedEntries
          sum.listLi += row.listLi
          sum.chargeLi += row.chargeLi
        } else sums.set(key, { start, ...row })
      }
      return [...sums.values()]
    },

    waste: async (question) => {
      await catchUp()
      const rows = await ask({ ...question, by: ['component', 'cause'] })
      return rows
        .flatMap(({ component, cause, entries, listLi }) =>
          cause === '' ? [] : [{ component, cause, entries, listLi }],
        )
        .sort((a, b) => b.listLi - a.listLi)
    },

    spending: async (nowMs) => {
      const today = dayStart(nowMs)
      const toMs = today + DAY_MS
      const { fromMs = today } = monthRange(monthName(nowMs)) ?? {}
      const by = ['appid', 'component'] as const
      const [days, months] = await Promise.all([ask({ fromMs: today, toMs, by }), ask({ fromMs, toMs, by })])
      // Today is part of this month.
      return months.map(({ appid, component, chargeLi }) => {
        const day = days.find((one) => one.appid === appid && one.component === component)
        return { appid, component, dayLi: day?.chargeLi ?? 0, monthLi: chargeLi }
      })
    },
  }
}
