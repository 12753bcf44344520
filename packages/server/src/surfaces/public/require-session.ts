import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../http/router.ts'
import type { Authenticated, SessionService } from '../../sessions/service.ts'

/** Lets only a living session through, and tells the route whose it is. */
export type RequireSession = MiddlewareHandler<{
  Bindings: AppEnv['Bindings']
  Variables: AppEnv['Variables'] & Authenticated
}>

/** The way in of a route that is documented with `security: access.session`. */
export function createRequireSession(sessions: SessionService): RequireSession {
  return async (c, next) => {
    const { session, claims } = await sessions.authenticate(c.req.header('authorization'))
    c.set('session', session)
    c.set('claims', claims)
    await next()
  }
}
