import { createRandom, type Random } from './random.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
const SHANGHAI_MS = 8 * HOUR_MS

export const hourOf = (atMs: number) => Math.floor((atMs + SHANGHAI_MS) / HOUR_MS) % 24
export const dayStartOf = (atMs: number) => Math.floor((atMs + SHANGHAI_MS) / DAY_MS) * DAY_MS - SHANGHAI_MS
const weekdayOf = (atMs: number) => new Date(atMs + SHANGHAI_MS).getUTCDay()

/** What went wrong for a while. */
export type IncidentKind = 'wechat-down' | 'wrong-secret' | 'quota-gone' | 'carrier-failing' | 'double-taps'
export interface Incident {
  kind: IncidentKind
  fromMs: number
  toMs: number
  /** Default is all apps. */
  appid?: string
}

export interface World {
  random: Random
  appids: readonly string[]
  fromMs: number
  /** Starts of all hours, oldest first. */
  hours: readonly number[]
  incidents: readonly Incident[]
  /** How much of the traffic of one app falls into one hour; all of them together are 1. */
  shareOf(appid: string, hourMs: number): number
  isDuring(kind: IncidentKind, appid: string, atMs: number): boolean
}

export interface WorldOptions {
  seed: number
  days: number
  /** The end of the time that is filled. */
  untilMs: number
  appids: readonly string[]
}

/** By hour in Shanghai: people sleep, look at their phones over lunch, and more in the evening. */
const BY_HOUR = [4, 2, 1, 1, 1, 2, 5, 12, 20, 24, 25, 27, 33, 28, 22, 21, 22, 25, 31, 38, 42, 40, 28, 12]
/** Sunday first. */
const BY_WEEKDAY = [1.25, 0.95, 0.92, 0.94, 0.98, 1.1, 1.3]
const BY_APP = [0.62, 0.27, 0.11]

export function createWorld({ seed, days, untilMs, appids }: WorldOptions): World {
  const fromMs = dayStartOf(untilMs) - (days - 1) * DAY_MS
  const hours = Array.from(
    { length: Math.ceil((untilMs - fromMs) / HOUR_MS) },
    (_, i) => fromMs + i * HOUR_MS,
  )
  const incidents = incidentsOf({ fromMs, days, appids })
  const weightOf = (appid: string, hourMs: number) => {
    const age = (hourMs - fromMs) / (days * DAY_MS)
    const app = BY_APP[appids.indexOf(appid)] ?? 0.05
    // The hour that is still going on has had a part of its traffic.
    const passed = Math.min(1, (untilMs - hourMs) / HOUR_MS)
    const curve = (BY_HOUR[hourOf(hourMs)] ?? 1) * (BY_WEEKDAY[weekdayOf(hourMs)] ?? 1)
    return app * curve * (0.75 + 0.5 * age) * passed
  }
  const all = hours.reduce(
    (sum, hourMs) => sum + appids.reduce((part, appid) => part + weightOf(appid, hourMs), 0),
    0,
  )
  return {
    random: createRandom(seed),
    appids,
    fromMs,
    hours,
    incidents,
    shareOf: (appid, hourMs) => weightOf(appid, hourMs) / all,
    isDuring: (kind, appid, atMs) =>
      incidents.some(
        (incident) =>
          incident.kind === kind &&
          atMs >= incident.fromMs &&
          atMs < incident.toMs &&
          (incident.appid === undefined || incident.appid === appid),
      ),
  }
}

/** The bad days: at the same parts of the time for every seed, so that whoever looks knows where to look. */
function incidentsOf(of: { fromMs: number; days: number; appids: readonly string[] }): Incident[] {
  const { fromMs, days, appids } = of
  const at = (part: number, hour: number, hours: number) => {
    const startMs = fromMs + Math.floor(part * days) * DAY_MS + hour * HOUR_MS
    return { fromMs: startMs, toMs: startMs + hours * HOUR_MS }
  }
  const [main = '', second = main] = appids
  return [
    { kind: 'wechat-down', ...at(0.3, 19, 3) },
    { kind: 'double-taps', appid: main, ...at(0.45, 8, 30) },
    { kind: 'wrong-secret', appid: second, ...at(0.6, 10, 5) },
    { kind: 'quota-gone', appid: main, ...at(0.75, 20, 12) },
    { kind: 'carrier-failing', ...at(0.88, 11, 9) },
    // Today's, so that there is something to look at.
    { kind: 'wechat-down', appid: main, ...at((days - 1) / days, 1, 1) },
  ]
}
