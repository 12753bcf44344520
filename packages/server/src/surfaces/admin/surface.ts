import type { MiddlewareHandler } from 'hono'
import type { AdminAdmission } from '../../admin/admission.ts'
import { allowAddresses } from '../../http/allowed-addresses.ts'
import { bodyLimits, jsonBodies } from '../../http/bodies.ts'
import { answerWithin } from '../../http/deadline.ts'
import { answerHeaders, noStore } from '../../http/headers.ts'
import { observe } from '../../http/observe.ts'
import { plainTexts } from '../../http/plain-texts.ts'
import { answerProblem } from '../../http/problems.ts'
import { createRouter } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Surface } from '../surface.ts'
import { type AdminEnv, type AdminRouter, adminSecuritySchemes, isSafe } from './admin-access.ts'
import { readSessionCookie } from './cookies.ts'

export interface AdminSurfaceParts {
  admission: AdminAdmission
  /** The calls of each domain. */
  routes: readonly AdminRouter[]
  /** Addresses that it may be reached from; `undefined` is everywhere. */
  ips: readonly string[] | undefined
  logger: Logger
  clock: Clock
  newId: NewId
  /** Every request is answered within so many milliseconds. */
  answerWithinMs: number
}

/** What administrators call, by the console or with an API key. Errors are problem documents. */
export function createAdminSurface(parts: AdminSurfaceParts): Surface {
  const router = createRouter()
  router.onError(answerProblem)
  router.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })
  router.use(observe(parts), answerHeaders, allowAddresses(parts.ips))
  router.use('/admin/v1/*', answerWithin(parts.answerWithinMs))
  router.use('/admin/v1/*', noStore, jsonBodies, bodyLimits(), plainTexts)
  router.use('/admin/v1/*', letRoutesAskWhoCalls(parts.admission) as MiddlewareHandler)
  for (const routes of parts.routes) router.route('/', routes)
  for (const [name, scheme] of Object.entries(adminSecuritySchemes)) {
    router.openAPIRegistry.registerComponent('securitySchemes', name, scheme)
  }
  return { prefixes: ['/admin'], router }
}

function letRoutesAskWhoCalls(admission: AdminAdmission): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const shown = {
      cookie: readSessionCookie(c),
      authorization: c.req.header('authorization'),
      csrf: c.req.header('x-haoma-csrf'),
      isSafe: isSafe(c.req.method),
      ip: c.get('clientIp'),
      requestId: c.get('requestId'),
    }
    c.set('shown', shown)
    c.set('identify', () => admission.identify(shown))
    await next()
  }
}
