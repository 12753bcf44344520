import { routePath } from 'hono/route'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Middleware } from './router.ts'

const REQUEST_ID = /^[\w.-]{8,64}$/

/**
 * Names the request: by the `X-Request-Id` of a trusted proxy when it is a sane one, else by an id of ours. A stranger
 * could otherwise put words into our log, or hide among the requests of somebody else.
 */
export function requestIds(parts: { logger: Logger; clock: Clock; newId: NewId }): Middleware {
  return async (c, next) => {
    const given = c.env.isPeerTrusted ? c.req.header('x-request-id') : undefined
    const requestId = given && REQUEST_ID.test(given) ? given : parts.newId(parts.clock.now())
    c.set('requestId', requestId)
    c.set('clientIp', c.env.clientIp)
    const { traceId } = c.env.served
    c.set('log', parts.logger.child({ requestId, ...(traceId !== undefined && { traceId }) }))
    await next()
    // Not c.header(), which makes the whole response anew once it is there.
    c.res.headers.set('x-request-id', requestId)
  }
}

/**
 * Logs each request when it is answered, and names its span. The route is logged, not the address that was asked for: people put codes and tokens
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
    c.env.served.answered({ ...line, requestId: c.get('requestId') })
  }
}
