import type { QuietHours } from '../stores/alert-store.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS
/** Shanghai has had no summer time since 1991. */
const SHANGHAI_MS = 8 * 60 * MINUTE_MS

/** When something may be told that is due now: now, or at the end of the quiet hours, which may go over midnight. */
export function afterQuietHours(nowMs: number, quiet: QuietHours | null): number {
  if (!quiet) return nowMs
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  const sinceMidnightMs = (nowMs + SHANGHAI_MS) % DAY_MS
  const minute = Math.floor(sinceMidnightMs / MINUTE_MS)
  const isQuiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to
  if (!isQuiet) return nowMs
  const untilMs = to * MINUTE_MS - sinceMidnightMs
  return nowMs + (untilMs > 0 ? untilMs : untilMs + DAY_MS)
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
