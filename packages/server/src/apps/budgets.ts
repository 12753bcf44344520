import type { PhoneComponent } from '@haoma/protocol'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { PolicyOf } from './app-policy.ts'

/** What a component of an app has cost, in li, this day and this month of Asia/Shanghai. */
export interface Spending {
  appid: string
  component: PhoneComponent
  dayLi: number
  monthLi: number
}

export interface BudgetUse extends Omit<Spending, 'appid'> {
  isReached: boolean
}

/**
 * Compares what paid components cost with what they may cost. A budget hides the paid button; a code that somebody
 * consented to is paid for already and is never refused.
 */
export interface Budgets {
  /** Of each component that has a budget or a cost, as it was read last. */
  use(appid: string): BudgetUse[]
  /** Which paid buttons may be shown. Answers from memory, and reads again in the background when that is old. */
  offers(appid: string): Record<PhoneComponent, boolean>
  /** Reads what was spent now. */
  refresh(): Promise<void>
}

export interface BudgetsParts {
  policyOf: PolicyOf
  /** What was spent today and this month, everything with a cost. */
  readSpending(nowMs: number): Promise<Spending[]>
  clock: Clock
  logger: Logger
  /** Keeps the service open until what was begun has ended. */
  track(work: Promise<void>): void
}

/** How old what is known of spending may be, in milliseconds: a budget is passed by what is spent in this time. */
const READ_EVERY_MS = 15_000

const components: readonly PhoneComponent[] = ['quick', 'realtime']

export function createBudgets({ policyOf, readSpending, clock, logger, track }: BudgetsParts): Budgets {
  let spending = new Map<string, Spending>()
  let readAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  const keyOf = ({ appid, component }: Pick<Spending, 'appid' | 'component'>) => `${component} ${appid}`

  const read = async (): Promise<void> => {
    const nowMs = clock.now()
    const rows = await readSpending(nowMs)
    spending = new Map(rows.map((row) => [keyOf(row), row]))
    readAtMs = nowMs
  }
  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  /** Nobody waits for it, and nobody is turned away because it fails: the button stays as it was. */
  const refreshBehind = (): void => {
    if (reading !== undefined || Math.abs(clock.now() - readAtMs) < READ_EVERY_MS) return
    track(
      refresh().catch((err) => logger.warn({ err }, 'what was spent cannot be read; budgets are as before')),
    )
  }

  const useOf = (appid: string, component: PhoneComponent): BudgetUse => {
    const { dayLi = 0, monthLi = 0 } = spending.get(keyOf({ appid, component })) ?? {}
    const budget = policyOf(appid).budgets[component] ?? {}
    const isReached = isUsedUp(dayLi, budget.dayLi) || isUsedUp(monthLi, budget.monthLi)
    return { component, dayLi, monthLi, isReached }
  }

  return {
    use: (appid) => {
      refreshBehind()
      return components
        .filter(
          (component) => policyOf(appid).budgets[component] || spending.has(keyOf({ appid, component })),
        )
        .map((component) => useOf(appid, component))
    },
    offers: (appid) => {
      const { budgets } = policyOf(appid)
      if (budgets.quick || budgets.realtime) refreshBehind()
      return {
        quick: !useOf(appid, 'quick').isReached,
        realtime: !useOf(appid, 'realtime').isReached,
      }
    },
    refresh,
  }
}

/** A budget of nothing is used up from the start. */
const isUsedUp = (li: number, budgetLi: number | undefined) => budgetLi !== undefined && li >= budgetLi
