/** WeChat bills, resets and expires by the calendar of Shanghai, which has had no summer time since 1991. */
const OFFSET_MS = 8 * 3_600_000

export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** Start of the hour that a moment is in. */
export const hourStart = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS

/** Start of the day in Shanghai that a moment is in. */
export const dayStart = (atMs: number): number => Math.floor((atMs + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS

/** `2026-11-25`, the day in Shanghai. */
export const dayName = (atMs: number): string => new Date(atMs + OFFSET_MS).toISOString().slice(0, 10)

/** `2026-11`, the month in Shanghai. */
export const monthName = (atMs: number): string => dayName(atMs).slice(0, 7)

/** 0 is Sunday, in Shanghai. */
export const weekday = (atMs: number): number => new Date(atMs + OFFSET_MS).getUTCDay()

/**
 * Start of a named day.
 *
 * @returns `undefined` for what is no day, such as `2026-02-30`.
 */
export function startOfDay(name: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) return undefined
  const startMs = Date.parse(`${name}T00:00:00+08:00`)
  return Number.isFinite(startMs) && dayName(startMs) === name ? startMs : undefined
}

/** From the start of a named month to that of the next; `undefined` for what is no month. */
export function monthRange(name: string): { fromMs: number; toMs: number } | undefined {
  const fromMs = startOfDay(`${name}-01`)
  if (fromMs === undefined) return undefined
  // The 32nd day after a first is always in the next month.
  const toMs = startOfDay(`${monthName(fromMs + 31 * DAY_MS)}-01`) as number
  return { fromMs, toMs }
}
