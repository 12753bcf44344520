import { limits } from '@haoma/protocol'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { routePath } from 'hono/route'
import type { Logger } from 'pino'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import { pickLanguage } from './language.ts'
import { toHaomaError, toProblem } from './problems.ts'
import type { AppEnv } from './router.ts'

type Middleware = MiddlewareHandler<AppEnv>

const REQUEST_ID = /^[\w.-]{8,64}$/

/** Names the request: by the caller's `X-Request-Id` when it is a sane one, else by an id of ours. */
export function requestIds(parts: {
  logger: Logger
  clock: Clock
  newId: (nowMs: number) => string
}): Middleware {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const requestId = given && REQUEST_ID.test(given) ? given : parts.newId(parts.clock.now())
    c.set('requestId', requestId)
    c.set('log', parts.logger.child({ requestId }))
    await next()
    c.header('x-request-id', requestId)
  }
}

/**
 * One line per request. The route is logged, not the address that was asked for: people put codes and tokens
 * into addresses.
 */
export function accessLog(clock: Clock): Middleware {
  return async (c, next) => {
    const startedAtMs = clock.now()
    await next()
    const { method } = c.req
    const line = {
      method,
      route: routePath(c, -1),
      status: c.res.status,
      durationMs: clock.now() - startedAtMs,
    }
    c.get('log').info(line, 'request')
  }
}

export function bodyLimits(): Middleware {
  return bodyLimit({
    maxSize: limits.bodyBytes,
    onError: () => {
      throw new HaomaError('BODY_TOO_LARGE')
    },
  })
}

/** Says plainly that a body must be JSON, which the schemas would report as a list of missing fields. */
export const jsonBodies: Middleware = async (c, next) => {
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(c.req.header('content-type') ?? '')
  if (c.req.method === 'POST' && !isJson) throw new HaomaError('UNSUPPORTED_MEDIA_TYPE')
  await next()
}

/** @param origins - Exact origins, or `*`. None by default: a mini program needs no CORS, an H5 page does. */
export function crossOrigin(origins: readonly string[]): Middleware {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Accept-Language', 'X-Request-Id'],
    exposeHeaders: ['X-Request-Id', 'Retry-After'],
    maxAge: 600,
  })
}

/** Answers of an API are for programs: nothing in them is to be framed, sniffed or run. A route may say otherwise. */
const defaultHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export const securityHeaders: Middleware = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(defaultHeaders)) {
    if (!c.res.headers.has(name)) c.header(name, value)
  }
}

/** Keeps members, numbers and tokens out of every cache on the way. */
export const noStore: Middleware = async (c, next) => {
  await next()
  c.header('cache-control', 'no-store')
}

/** Every error leaves through here, as a problem document. */
export const answerProblem: ErrorHandler<AppEnv> = (thrown, c) => {
  const error = toHaomaError(thrown)
  const problem = toProblem(error, {
    language: pickLanguage(c.req.header('accept-language')),
    requestId: c.get('requestId'),
  })
  logProblem(c, error, problem.status)
  if (error.retryAfterS !== undefined) c.header('retry-after', String(error.retryAfterS))
  if (problem.status === 401) c.header('www-authenticate', 'Bearer')
  return c.body(JSON.stringify(problem), problem.status as 500, {
    'content-type': 'application/problem+json; charset=utf-8',
  })
}

function logProblem(c: Context<AppEnv>, error: HaomaError, status: number): void {
  const { code, wechat, cause } = error
  const line = { code, ...(wechat && { wechat }) }
  const log = c.get('log')
  if (status < 500) {
    log.info(line, error.message)
  } else {
    // 503 is somebody else's fault and passes; the others are for an administrator to mend.
    log[status === 503 ? 'warn' : 'error']({ ...line, err: cause ?? error }, error.message)
  }
}
