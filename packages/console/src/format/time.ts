import { language } from '../look/i18n.ts'
import { timeZone, today } from './days.ts'

const localeOf = () => (language() === 'zh' ? 'zh-CN' : 'en-GB')

const formats = new Map<string, Intl.DateTimeFormat>()
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = localeOf() + JSON.stringify(options)
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(localeOf(), { timeZone, hourCycle: 'h23', ...options })
    formats.set(key, found)
  }
  return found
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const

/** `11-25 09:30:07`, with the year when it is another one. */
export function moment(iso: string): string {
  const at = new Date(iso)
  const parts = Object.fromEntries(
    format({ year: 'numeric', month: '2-digit', day: '2-digit', ...clock })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const day = `${parts.month}-${parts.day}`
  const isThisYear = parts.year === today().slice(0, 4)
  return `${isThisYear ? day : `${parts.year}-${day}`} ${parts.hour}:${parts.minute}:${parts.second}`
}

/** `11月25日 周三` / `Wed 25 Nov`. */
export function dayName(day: string): string {
  return format({ month: 'short', day: 'numeric', weekday: 'short' }).format(
    new Date(`${day}T00:00:00+08:00`),
  )
}

/** `11/25`, for pictures. */
export function shortDay(day: string): string {
  return format({ month: 'numeric', day: 'numeric' }).format(new Date(`${day}T00:00:00+08:00`))
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** `5 分钟前` / `in 3 hours`, against a time that the caller follows. */
export function ago(iso: string, nowMs: number): string {
  const seconds = (Date.parse(iso) - nowMs) / 1000
  const relative = new Intl.RelativeTimeFormat(localeOf(), { numeric: 'auto' })
  const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ?? (['second', 1] as const)
  return relative.format(Math.trunc(seconds / size), unit)
}

/** `1 小时 12 分`, `45 秒` / `1 h 12 min`, `45 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const words = language() === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's']
  const values = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ]
  const first = values.findIndex((value) => value > 0)
  if (first < 0) return `0 ${words[3]}`
  return values
    .slice(first, first + 2)
    .flatMap((value, index) => (value ? [`${value} ${words[first + index]}`] : []))
    .join(' ')
}

/** `87 ms`, `1.24 s`; a dash when nothing was measured. */
export function took(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}
