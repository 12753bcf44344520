import { DAY_MS, weekday } from '../kernel/calendar.ts'

/** Calls of one day. */
export interface DayCalls {
  /** Start of the day, Unix time in milliseconds. */
  startMs: number
  calls: number
}

/** What may be expected of a day: `low` and `high` are two standard errors away. */
export interface ExpectedDay {
  startMs: number
  low: number
  expected: number
  high: number
}

export interface Forecast {
  /** Half a year, from today on. */
  days: ExpectedDay[]
  /** Calls of a usual Monday, Tuesday … Sunday. */
  weekdays: number[]
  /** Days of history behind it. */
  basedOnDays: number
  /** Calls from now to the end of the last of so many days. */
  sumOf(days: number): Pick<ExpectedDay, 'low' | 'expected' | 'high'>
  /** When so many calls are used up. */
  runOut(left: number): RunOut
}

/** When calls that are left are used up, Unix times in milliseconds; `null` when not within half a year. */
export interface RunOut {
  atMs: number | null
  earliestMs: number | null
  latestMs: number | null
}

const HORIZON_DAYS = 180
/** With less history a weekday says more of chance than of itself. */
const WEEK = 7

/**
 * Expects of each day what its weekday had so far, drawn a little to the mean of all days as long as there are few of
 * them. How far days were from that makes the uncertainty: of one day, of the sum of many, and of the mean itself.
 *
 * @param history - Whole days before today, oldest first, none left out.
 */
export function forecastOf(history: readonly DayCalls[], todayMs: number, nowMs: number): Forecast {
  const size = history.length
  const mean = size === 0 ? 0 : total(history.map(({ calls }) => calls)) / size
  const usual = Array.from({ length: 7 }, (_, day) => {
    const own = history.filter(({ startMs }) => weekday(startMs) === day)
    if (size < WEEK) return mean
    return (total(own.map(({ calls }) => calls)) + mean) / (own.length + 1)
  })
  const squares = total(
    history.map(({ startMs, calls }) => (calls - (usual[weekday(startMs)] as number)) ** 2),
  )
  // Calls that come by themselves vary by their root at least.
  const variance = Math.max(size < 2 ? mean : squares / (size - 1), size === 0 ? 0 : mean)
  /** Two standard errors of the sum of so many days. */
  const error = (days: number) =>
    size === 0 ? 0 : 2 * Math.sqrt(days * variance + (days ** 2 * variance) / size)

  const today = weekday(todayMs)
  const days = Array.from({ length: HORIZON_DAYS }, (_, at): ExpectedDay => {
    const expected = usual[(today + at) % 7] as number
    const startMs = todayMs + at * DAY_MS
    return { startMs, expected, low: Math.max(0, expected - error(1)), high: expected + error(1) }
  })
  /** Of today only the rest is to come. */
  const restOfToday = Math.min(1, Math.max(0, 1 - (nowMs - todayMs) / DAY_MS))
  /** Calls from now to the end of so many days. */
  const sums = [0]
  for (const [at, { expected }] of days.entries()) {
    sums.push((sums[at] as number) + expected * (at === 0 ? restOfToday : 1))
  }

  const sumOf = (count: number) => {
    const expected = sums[Math.min(count, HORIZON_DAYS)] as number
    const off = error(Math.max(0, count - 1 + restOfToday))
    return { low: Math.max(0, expected - off), expected, high: expected + off }
  }

  /** The first moment at which a sum reaches what is left, within its day in proportion. */
  const reach = (left: number, of: 'low' | 'expected' | 'high'): number | null => {
    if (left <= 0) return nowMs
    let before = 0
    for (let count = 1; count <= HORIZON_DAYS; count += 1) {
      const sum = sumOf(count)[of]
      if (sum >= left) {
        const fromMs = count === 1 ? nowMs : todayMs + (count - 1) * DAY_MS
        return fromMs + ((left - before) / (sum - before)) * (todayMs + count * DAY_MS - fromMs)
      }
      before = sum
    }
    return null
  }

  return {
    days,
    weekdays: [1, 2, 3, 4, 5, 6, 0].map((day) => usual[day] as number),
    basedOnDays: size,
    sumOf,
    runOut: (left) => ({
      atMs: reach(left, 'expected'),
      earliestMs: reach(left, 'high'),
      latestMs: reach(left, 'low'),
    }),
  }
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)
