import type { ErrorCode } from '@haoma/protocol'
import type { Context, MiddlewareHandler } from 'hono'
import { addressGroup } from '../../guards/client-address.ts'
import type { Counted, Limits } from '../../guards/limits.ts'
import { type LimitName, limitPolicies } from '../../guards/policies.ts'
import type { AppEnv, Middleware, Router } from '../../http/router.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Session } from '../../stores/session-store.ts'

/** What guards one route. */
export interface RouteLimit {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  limits: readonly LimitName[]
  /** Answers that count as a rejection. What goes well is counted under none of those limits. */
  rejectedBy?: readonly ErrorCode[]
}

/** Somebody who sends these guesses, or mixes something up again and again. */
const badCodes: readonly ErrorCode[] = [
  'LOGIN_CODE_INVALID',
  'LOGIN_CODE_AS_PHONE_CODE',
  'PHONE_APP_MISMATCH',
  'PHONE_CODE_AS_LOGIN_CODE',
  'PHONE_CODE_INVALID',
]

/** Every route that a member calls, and what it counts under. Back ends are counted where they show their secret. */
export const routeLimits: readonly RouteLimit[] = [
  {
    method: 'POST',
    path: '/v1/login',
    limits: ['login.ip', 'login.app', 'login.rejected.ip'],
    rejectedBy: badCodes,
  },
  {
    method: 'POST',
    path: '/v1/phone',
    limits: ['phone.ip', 'phone.openid', 'phone.member', 'phone.rejected.openid'],
    rejectedBy: badCodes,
  },
  { method: 'DELETE', path: '/v1/phone', limits: ['read.ip'] },
  {
    method: 'POST',
    path: '/v1/session/refresh',
    limits: ['refresh.ip', 'refresh.rejected.ip'],
    rejectedBy: ['REFRESH_TOKEN_REUSED', 'SESSION_EXPIRED'],
  },
  { method: 'DELETE', path: '/v1/session', limits: ['read.ip'] },
  { method: 'GET', path: '/v1/sessions', limits: ['read.ip'] },
  { method: 'DELETE', path: '/v1/sessions', limits: ['read.ip'] },
  { method: 'DELETE', path: '/v1/sessions/:id', limits: ['read.ip'] },
  { method: 'GET', path: '/v1/me', limits: ['read.ip'] },
  { method: 'POST', path: '/v1/identity/merge', limits: ['read.ip', 'merge.member'] },
  { method: 'POST', path: '/v1/events', limits: ['events.ip'] },
  { method: 'POST', path: '/v1/sms/send', limits: ['sms.ip', 'sms.device', 'sms.app'] },
  {
    method: 'POST',
    path: '/v1/sms/login',
    limits: ['sms.login.ip', 'sms.rejected.ip'],
    rejectedBy: ['SMS_CODE_WRONG', 'SMS_CODE_OVER'],
  },
]

export type SessionEnv = {
  Bindings: AppEnv['Bindings']
  Variables: AppEnv['Variables'] & { session: Session }
}

/** Puts the limits that need no session before the routes. */
export function guardRoutes(router: Router, limits: Limits): void {
  for (const path of new Set(routeLimits.map((route) => route.path))) {
    router.use(path, limitByAddress(limits, path))
  }
}

function limitByAddress(limits: Limits, path: string): Middleware {
  const routes = routeLimits.filter((route) => route.path === path)
  return async (c, next) => {
    const route = routes.find(({ method }) => method === c.req.method)
    if (!route) return next()
    await guarded(limits, { route, counted: await countedByAddress(c, route), error: () => c.error }, next)
  }
}

/** Counts by the member and the WeChat user of a session. Stands behind what reads the session. */
export function limitBySession(limits: Limits): MiddlewareHandler<SessionEnv> {
  return async (c, next) => {
    const { path, method } = c.req
    const route = routeLimits.find((one) => one.method === method && one.path === path)
    if (!route) return next()
    const { appid, openid, memberId } = c.get('session')
    const subjects = { member: memberId, openid: openid === null ? undefined : `${appid}:${openid}` }
    const counted = route.limits.flatMap((name): Counted[] => {
      const { by } = limitPolicies[name]
      return by === 'member' || by === 'openid' ? [[name, subjects[by]]] : []
    })
    await guarded(limits, { route, counted, error: () => c.error }, next)
  }
}

async function guarded(
  limits: Limits,
  guard: { route: RouteLimit; counted: readonly Counted[]; error: () => Error | undefined },
  next: () => Promise<void>,
): Promise<void> {
  await limits.admit(guard.counted)
  await next()
  const error = guard.error()
  const isRejected = error instanceof HaomaError && guard.route.rejectedBy?.includes(error.code)
  if (isRejected) await limits.reject(guard.counted)
}

async function countedByAddress(c: Context<AppEnv>, { limits }: RouteLimit): Promise<Counted[]> {
  const ip = c.get('clientIp')
  const counted: Counted[] = []
  for (const name of limits) {
    const { by } = limitPolicies[name]
    if (by === 'ip') counted.push([name, ip && addressGroup(ip)])
    if (by === 'app') counted.push([name, textOf((await bodyOf(c)).appid)])
    if (by === 'device') counted.push([name, textOf(fieldsOf((await bodyOf(c)).client).deviceId)])
  }
  return counted
}

/** Longer ones are none: the schema refuses them. */
const LONGEST_ID = 64
const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, LONGEST_ID) : undefined)
const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** The router keeps the body it read, so that reading it here costs nothing. */
async function bodyOf(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  return fieldsOf(await c.req.json().catch(() => undefined))
}
