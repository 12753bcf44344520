import { DAY_MS } from '../kernel/calendar.ts'

/** When calls that are left are used up, Unix times in milliseconds; `null` when not within {@link HORIZON_DAYS}. */
export interface RunOut {
  atMs: number | null
  earliestMs: number | null
  latestMs: number | null
}

const HORIZON_DAYS = 180

/**
 * At the mean of the days before, each a count of charged calls; earliest and latest are two standard errors of the mean
 * away.
 */
export function runOutOf(left: number, days: readonly number[], nowMs: number): RunOut {
  const mean = days.length === 0 ? 0 : days.reduce((sum, calls) => sum + calls, 0) / days.length
  const variance =
    days.length < 2 ? mean : days.reduce((sum, calls) => sum + (calls - mean) ** 2, 0) / (days.length - 1)
  const error = 2 * Math.sqrt(variance / Math.max(1, days.length))
  const at = (pace: number) => {
    if (left <= 0) return nowMs
    const inDays = pace <= 0 ? Number.POSITIVE_INFINITY : left / pace
    return inDays > HORIZON_DAYS ? null : nowMs + inDays * DAY_MS
  }
  return { atMs: at(mean), earliestMs: at(mean + error), latestMs: at(mean - error) }
}
