import { limits, type Problem } from '@haoma/protocol'
import type { Context } from 'hono'
import { toHaomaError } from '../../http/problems.ts'
import type { AppEnv, Middleware } from '../../http/router.ts'
import { entryOf } from '../../journal/entry.ts'
import type { Journal } from '../../journal/journal.ts'
import { type RunningTrace, startTrace } from '../../journal/trace.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { CodeKind } from '../../stores/exchange-store.ts'
import type { LoginWay } from '../../stores/login-store.ts'
import type { Session } from '../../stores/session-store.ts'

export interface WriteJournalParts {
  journal: Journal
  vault: PhoneVault
  clock: Clock
  keyOf(kind: CodeKind, appid: string, code: string): string
  hasApp(appid: string): Promise<boolean>
}

/** The calls that are written down, all of them `POST`. */
const ways: Readonly<Record<string, LoginWay>> = {
  '/v1/login': 'login',
  '/v1/phone': 'phone',
  '/v1/exchange': 'exchange',
  '/v1/openid': 'openid',
  '/v1/sms/send': 'sms-send',
  '/v1/sms/login': 'sms-login',
}

/** Bodies that nobody should read again: refused for their type or size. */
const unread: readonly Problem['code'][] = ['UNSUPPORTED_MEDIA_TYPE', 'BODY_TOO_LARGE']

/**
 * Writes each login into the journal when it was answered, also what a guard refused or nobody could read, with as much
 * as was known of it. Stands in front of everything that may refuse.
 */
export function writeJournal(parts: WriteJournalParts): Middleware {
  const { journal, clock, keyOf } = parts
  return async (c, next) => {
    const way = c.req.method === 'POST' ? ways[c.req.path] : undefined
    if (way === undefined) return next()
    const trace = startTrace(parts)
    c.set('trace', trace)
    await next()

    const error = c.error && toHaomaError(c.error)
    const body = error && unread.includes(error.code) ? {} : await bodyOf(c)
    const codes = learn(trace, c, body)
    const { appid } = trace.facts
    const keyOfCode = (kind: CodeKind, code: string | undefined) =>
      appid && code !== undefined ? keyOf(kind, appid, code) : undefined
    const entry = entryOf(trace, {
      requestId: c.get('requestId'),
      way,
      outcome: error?.code ?? 'ok',
      status: c.res.status,
      wechat: error?.wechat,
      nowMs: clock.now(),
      clientId: variable<{ id: string }>(c, 'client')?.id,
      loginCodeKey: keyOfCode('login', codes.loginCode),
      phoneCodeKey: keyOfCode('phone', codes.phoneCode),
    })
    const isServed = appid ? await parts.hasApp(appid).catch(() => false) : false
    journal.write(entry, isServed)
  }
}

/** What the request says of itself, and what the guards know of who sent it. */
function learn(trace: RunningTrace, c: Context<AppEnv>, body: Body) {
  const session = variable<Session>(c, 'session')
  const client = objectOf(body.client)
  trace.know({
    appid: session?.appid ?? textOf(body.appid, 64) ?? null,
    component: textOf(body.component, 16) ?? null,
    deviceId: session?.deviceId ?? textOf(client.deviceId, 64) ?? null,
    platform: textOf(client.platform, 32) ?? null,
    clientVersion: textOf(client.clientVersion, 32) ?? null,
  })
  const known = { openid: session?.openid ?? textOf(body.openid, 128), memberId: session?.memberId }
  // What was found out on the way is later than what came with the request.
  trace.know({
    openid: trace.facts.openid ?? known.openid ?? null,
    memberId: trace.facts.memberId ?? known.memberId ?? null,
    sessionId: trace.facts.sessionId ?? session?.id ?? null,
  })
  const number = numberOf(body)
  if (number !== undefined && !trace.facts.phoneSubject) trace.number(number)
  return {
    loginCode: textOf(body.loginCode, limits.codeLength),
    phoneCode: textOf(body.phoneCode, limits.codeLength),
  }
}

type Body = Record<string, unknown>

/** The router keeps the body it read, so that reading it here costs nothing. */
async function bodyOf(c: Context<AppEnv>): Promise<Body> {
  return objectOf(await c.req.json().catch(() => undefined))
}

const objectOf = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}

/** PostgreSQL takes no text with a NUL in it, and people read these; what is too long was refused. */
function textOf(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/\p{Cc}/gu, '').trim()
  return text === '' || text.length > longest ? undefined : text
}

/** The number of somebody who asks for a code by SMS. */
function numberOf(body: Body): string | undefined {
  const digits = textOf(body.phoneNumber, 32)?.replace(/[\s()-]/g, '')
  if (digits === undefined || !/^\+?\d{5,15}$/.test(digits)) return undefined
  const country = textOf(body.countryCallingCode, 5)?.replace(/\D/g, '') || '86'
  return digits.startsWith('+') ? digits : `+${country}${digits}`
}

/** What a guard of one route put down for it; other routes have none. */
function variable<T>(c: Context<AppEnv>, name: 'session' | 'client'): T | undefined {
  return (c.var as unknown as Partial<Record<typeof name, T>>)[name]
}
