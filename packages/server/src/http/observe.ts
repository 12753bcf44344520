import { routePath } from 'hono/route'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { bindLog, type Logger } from '../kernel/logger.ts'
import type { Middleware } from './router.ts'

const REQUEST_ID = /^[\w.-]{8,64}$/

/**
 * Names the request: by the `X-Request-Id` of a trusted proxy when it is a sane one, else by an id of ours. A stranger
 * could otherwise put words into our log, or hide among the requests of somebody else. When it is answered it is logged,
 * and its span is named. The route is logged, not the address that was asked for: people put codes and tokens into
 * addresses.
 */
export function observe({
  logger,
  clock,
  newId,
}: {
  logger: Logger
  clock: Clock
  newId: NewId
}): Middleware {
  return async (c, next) => {
    const startedAtMs = clock.now()
    const given = c.env.isPeerTrusted ? c.req.header('x-request-id') : undefined
    const requestId = given && REQUEST_ID.test(given) ? given : newId(startedAtMs)
    const { traceId } = c.env.served
    const log = bindLog(logger, { requestId, ...(traceId !== undefined && { traceId }) })
    c.set('requestId', requestId)
    c.set('clientIp', c.env.clientIp)
    c.set('log', log)
    await next()
    const line = {
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      durationMs: clock.now() - startedAtMs,
    }
    log.info(line, 'request')
    c.env.served.answered({ ...line, requestId })
  }
}
