import type { Step } from '../../src/journal/steps.ts'
import { createPendingSums } from '../../src/journal/sums.ts'
import { supportCodeOf } from '../../src/kernel/ids.ts'
import type { LoginRecord, LoginWay } from '../../src/stores/login-store.ts'
import { loginFields } from '../../src/stores/sql/login-store.ts'
import { columnName } from '../../src/stores/sql/rows.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'
import type { Sink, Value } from './sink.ts'

/** One request, as it is told to the journal. */
export interface Told {
  way: LoginWay
  appid: string
  atMs: number
  outcome: string
  errcode: number | null
  person: Person | undefined
  phoneCodeKey: string | null
  component: string | null
  clientId?: string | null
  /** Default is not asked. */
  wechatMs?: number | null
  isNew?: boolean
}

export interface Requests {
  /** Writes a request into the journal and gives its id. */
  tell(told: Told): { id: string; rid: string | null }
  /** Stores the sums that were counted. */
  end(): void
  readonly count: number
}

const columns = loginFields.map((field) => [field, columnName(field)] as const)
export const VERSIONS = ['0.1.0', '0.1.0', '0.1.0', '0.0.9'] as const
const KNOWS_NOBODY = ['BAD_REQUEST', 'RATE_LIMITED', 'CLIENT_REQUIRED', 'LOGIN_CODE_INVALID']

export function createRequests({ random, sink }: { random: Random; sink: Sink }): Requests {
  const sums = createPendingSums()
  let count = 0

  return {
    get count() {
      return count
    },
    tell: (told) => {
      const { way, appid, atMs, outcome, errcode, person, component } = told
      const id = random.id(atMs)
      const rid = errcode === null ? null : `${random.hex(8)}-${random.hex(8)}-${random.hex(8)}`
      const wechatMs = told.wechatMs ?? null
      const isKnown = person !== undefined && !KNOWS_NOBODY.includes(outcome)
      const isIn = isKnown && outcome === 'ok'
      const brings = told.phoneCodeKey !== null || way === 'sms-send' || way === 'sms-login'
      const totalMs = (wechatMs ?? 0) + random.durationMs(6)
      const entry: LoginRecord = {
        id,
        supportCode: supportCodeOf(id),
        atMs,
        way,
        appid,
        clientId: told.clientId ?? null,
        component,
        outcome,
        errcode,
        rid,
        openid: isKnown && way !== 'sms-send' && way !== 'sms-login' ? person.openid : null,
        memberId:
          isIn && way !== 'exchange' && way !== 'openid' && way !== 'sms-send' ? person.memberId : null,
        sessionId: isIn && (way === 'login' || way === 'sms-login') ? random.id(atMs) : null,
        deviceId: person?.deviceId ?? null,
        loginCodeKey: way === 'login' || way === 'openid' ? `${random.hex(8)}.${random.hex(64)}` : null,
        phoneCodeKey: told.phoneCodeKey,
        maskedSubject: brings && isKnown ? person.maskedSubject : null,
        phoneSubject: brings && isKnown ? person.phoneSubject : null,
        platform: person?.platform ?? null,
        clientVersion: random.pick(VERSIONS),
        wechatMs,
        totalMs,
        steps: JSON.stringify(stepsOf(told, { rid, totalMs })),
      }
      const row: Record<string, Value> = {}
      for (const [field, column] of columns) row[column] = entry[field]
      sink.add('logins', row)
      sums.count(entry, true)
      count += 1
      return { id, rid }
    },
    end: () => {
      for (const sum of sums.take()) {
        const { startMs, appid, way, outcome, errcode, entries, lastAtMs, wechatMs, totalMs } = sum
        sink.add('login_sums', {
          start_ms: startMs,
          appid,
          way,
          outcome,
          errcode,
          entries,
          last_at_ms: lastAtMs,
          wechat_ms: wechatMs,
          total_ms: totalMs,
          wechat_buckets: JSON.stringify(sum.wechatBuckets),
          total_buckets: JSON.stringify(sum.totalBuckets),
        })
      }
    },
  }
}

function stepsOf(told: Told, { rid, totalMs }: { rid: string | null; totalMs: number }): Step[] {
  const { way, outcome, errcode, wechatMs, phoneCodeKey } = told
  const steps: Step[] = []
  if (wechatMs !== null && wechatMs !== undefined) {
    const kinds = [...(way === 'login' || way === 'openid' ? ['login' as const] : [])]
    const all = phoneCodeKey === null ? kinds : [...kinds, 'phone' as const]
    for (const kind of all) steps.push({ step: 'written-down', atMs: 1, kind, state: 'open' })
    const each = Math.round(wechatMs / all.length)
    for (const [i, kind] of all.entries()) {
      const isFailed = errcode !== null && i === all.length - 1
      steps.push({
        step: 'asked-wechat',
        atMs: 1 + each * (i + 1),
        kind,
        ms: each,
        outcome: isFailed ? outcome : 'ok',
        ...(isFailed && { errcode, rid: rid ?? '' }),
      })
    }
    steps.push({ step: 'stored', atMs: totalMs - 1, ms: 3 })
    const state = outcome === 'ok' ? 'used' : 'refused'
    for (const kind of all) steps.push({ step: 'code-ended', atMs: totalMs - 1, kind, state })
    if (outcome === 'ok' && way === 'login') {
      const number = phoneCodeKey === null ? 'sign-in' : told.isNew ? 'create-with-number' : 'confirm'
      const user = told.isNew ? 'nobody' : 'openid-member'
      steps.push({ step: 'decided', atMs: totalMs, user, number })
    }
  }
  steps.push({ step: 'answered', atMs: totalMs, outcome, state: outcome === 'ok' ? '200' : '4xx' })
  return steps
}
