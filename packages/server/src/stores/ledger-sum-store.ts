import type { CodeSource, FinalCodeState } from './exchange-store.ts'
import type { LedgerRow, WasteCause } from './ledger-store.ts'

/** Entries and money of one hour, or of one day in Shanghai. */
export interface LedgerSum {
  period: 'hour' | 'day'
  startMs: number
  appid: string
  component: LedgerRow['component']
  surface: CodeSource
  state: FinalCodeState
  cause: WasteCause
  entries: number
  /** Those of them that WeChat charges. */
  billedEntries: number
  listLi: number
  chargeLi: number
}

/** By what sums are put together, and which. */
export interface SumQuestion {
  period: LedgerSum['period']
  fromMs: number
  toMs: number
  appid?: string | undefined
  component?: LedgerRow['component'] | undefined
  by: readonly SumDimension[]
}
export type SumDimension = 'startMs' | 'appid' | 'component' | 'surface' | 'state' | 'cause'

/** An answer holds the dimensions that were asked for. */
export type SumAnswer = Partial<Pick<LedgerSum, SumDimension>> &
  Pick<LedgerSum, 'entries' | 'billedEntries' | 'listLi' | 'chargeLi'>

export interface LedgerSumStore {
  /** Waits until nobody else books or rebuilds, and keeps others out until the end of the transaction. */
  lock(): Promise<void>
  /** Adds to sums; what is negative takes away, and a sum of nothing is removed. */
  add(sums: readonly LedgerSum[]): Promise<void>
  /** Puts the sums of one day together anew from its booked entries. */
  rebuildDay(dayStartMs: number): Promise<void>
  ask(question: SumQuestion): Promise<SumAnswer[]>
  /** Charged entries up to and with a moment, by where they were charged. Reads days, hours, and one hour's entries. */
  countBilled(of: { appid: string; component: LedgerRow['component']; toMs: number }): Promise<number>
}
