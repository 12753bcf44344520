import { minuteOf } from '../format/days.ts'

/** What a pasted text may be, and the field of the search that takes it. */
export interface Recognised {
  kind:
    | 'supportCode'
    | 'requestId'
    | 'memberId'
    | 'rid'
    | 'openid'
    | 'codeHash'
    | 'masked'
    | 'e164'
    | 'outcome'
    | 'appid'
    | 'minute'
  value: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Digits of a number, with its country where it was written. Mainland China where it was not. */
function phoneOf(text: string): string | undefined {
  const digits = text.replace(/[\s()-]/g, '')
  if (/^\+\d{7,15}$/.test(digits)) return digits
  if (/^00[1-9]\d{6,14}$/.test(digits)) return `+${digits.slice(2)}`
  const [, chinese] = /^(?:86)?(1[3-9]\d{9})$/.exec(digits) ?? []
  return chinese && `+86${chinese}`
}

/** A minute of Asia/Shanghai as logs and people write it: with its day, without its year, or the time alone. */
function minuteIn(text: string, nowMs: number): string | undefined {
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)) {
    const atMs = Date.parse(text)
    return Number.isNaN(atMs) ? undefined : minuteOf(atMs)
  }
  const [, year, month, day, hour, minute] =
    /^(?:(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?[T ]+)?(\d{1,2})[:：](\d\d)(?:[:：]\d\d(?:\.\d+)?)?$/.exec(
      text,
    ) ?? []
  if (!hour) return undefined
  const now = minuteOf(nowMs)
  const two = (digits: string) => digits.padStart(2, '0')
  const date = month && day ? `${two(month)}-${two(day)}` : now.slice(5, 10)
  const at = (inYear: number) => `${inYear}-${date}T${two(hour)}:${minute}`
  const thisYear = Number(now.slice(0, 4))
  const found = year ? at(Number(year)) : month && at(thisYear) > now ? at(thisYear - 1) : at(thisYear)
  return Number.isNaN(Date.parse(`${found}:00+08:00`)) ? undefined : found
}

/**
 * Says what a pasted text may be, the likeliest first; nothing when it is none of what one can look for.
 * Letters are read as people type them: a support code may come with small letters, spaces, a dash, `O` for `0`.
 */
export function recognise(pasted: string, nowMs = Date.now()): Recognised[] {
  const text = pasted.trim().replace(/^["'“”]+|["'“”]+$/g, '')
  if (uuid.test(text)) {
    const value = text.toLowerCase()
    return [
      { kind: 'requestId', value },
      { kind: 'memberId', value },
    ]
  }
  if (/^[0-9a-f]{64}$/i.test(text)) return [{ kind: 'codeHash', value: text.toLowerCase() }]
  if (/^wx[0-9a-f]{16}$/i.test(text)) return [{ kind: 'appid', value: text.toLowerCase() }]
  if (/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/i.test(text)) return [{ kind: 'rid', value: text }]
  if (/^\+?[\d\s-]*\d\*{2,}\d+$/.test(text)) return [{ kind: 'masked', value: text }]
  const minute = minuteIn(text, nowMs)
  if (minute) return [{ kind: 'minute', value: minute }]
  const phone = phoneOf(text)
  if (phone) return [{ kind: 'e164', value: phone }]
  if (/^o[\w-]{27}$/.test(text)) return [{ kind: 'openid', value: text }]
  const compact = text.toUpperCase().replace(/[\s-]/g, '')
  const code = compact.replace(/O/g, '0').replace(/[IL]/g, '1')
  if (/^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)) return [{ kind: 'supportCode', value: code }]
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text)) return [{ kind: 'outcome', value: text }]
  return []
}
