import { beijingDay, beijingDayNumber, type Clock } from './clock.ts'
import { getOrCreate } from './get-or-create.ts'

export interface QuotaLimits {
  daily: number
  perMinute: number
}

/** Call counters per app and API path, by Beijing day and by minute. */
export interface Quotas {
  /** Counts a call, or says which limit it would break. */
  take(appid: string, path: string, limits: QuotaLimits): 'daily' | 'minute' | undefined
  used(appid: string, path: string): number
  /** Gives the day's calls back: of one path, or of all. */
  clear(appid: string, path?: string): void
  /** Counts one of the limited clears of this month; `false` when there are none left. */
  takeMonthly(appid: string, what: 'clear_quota' | 'quota/clear', limit: number): boolean
}

interface Counter {
  day: number
  used: number
  minute: number
  usedInMinute: number
}

export function createQuotas(clock: Clock): Quotas {
  const counters = new Map<string, Map<string, Counter>>()
  const monthly = new Map<string, number>()

  const counter = (appid: string, path: string): Counter => {
    const own = getOrCreate(counters, appid, () => new Map<string, Counter>())
    const found = getOrCreate(own, path, () => ({ day: 0, used: 0, minute: 0, usedInMinute: 0 }))
    const nowMs = clock.nowMs()
    const day = beijingDayNumber(nowMs)
    const minute = Math.floor(nowMs / 60_000)
    if (found.day !== day) {
      found.day = day
      found.used = 0
    }
    if (found.minute !== minute) {
      found.minute = minute
      found.usedInMinute = 0
    }
    return found
  }
  return {
    take(appid, path, { daily, perMinute }) {
      const found = counter(appid, path)
      if (found.used >= daily) return 'daily'
      if (found.usedInMinute >= perMinute) return 'minute'
      found.used++
      found.usedInMinute++
      return undefined
    },
    used: (appid, path) => counter(appid, path).used,
    clear(appid, path) {
      if (path === undefined) counters.delete(appid)
      else counters.get(appid)?.delete(path)
    },
    takeMonthly(appid, what, limit) {
      const key = `${appid} ${what} ${beijingDay(clock.nowMs()).slice(0, 7)}`
      const count = monthly.get(key) ?? 0
      if (count >= limit) return false
      monthly.set(key, count + 1)
      return true
    },
  }
}
