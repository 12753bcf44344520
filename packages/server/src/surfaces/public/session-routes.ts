import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { bodyErrors, commonErrors, jsonAnswer, jsonBody, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { RequireSession } from './require-session.ts'

const refreshRoute = createRoute({
  method: 'post',
  path: '/v1/session/refresh',
  operationId: 'refreshSession',
  tags: ['Session'],
  summary: '换取新的凭证 · Trade a refresh token for new tokens',
  security: access.anybody,
  description:
    '每个刷新凭证只能用一次。没收到应答时，60 秒内用同一个凭证再请求，会得到同样的应答；更晚的重复使用会结束会话。\n\n' +
    'Each refresh token works once and gives the next. When the answer was lost, the same token gives the same ' +
    'answer again for a short grace, as long as the new one was not used. A token used later than that is a ' +
    'copy in other hands, and ends the session.',
  request: { body: jsonBody(schemas.refreshRequest, { refreshToken: 'hrt.…' }) },
  responses: {
    200: jsonAnswer(schemas.sessionView, 'New tokens; the old refresh token is spent.'),
    ...problemAnswers(...bodyErrors, 'SESSION_EXPIRED', 'REFRESH_TOKEN_REUSED', ...commonErrors),
  },
})

const endRoute = createRoute({
  method: 'delete',
  path: '/v1/session',
  operationId: 'endSession',
  tags: ['Session'],
  summary: '退出登录 · Sign out',
  security: access.session,
  responses: {
    204: { description: 'The session has ended; its tokens are refused from now on.' },
    ...problemAnswers('SESSION_REQUIRED', 'SESSION_EXPIRED', ...commonErrors),
  },
})

export interface SessionRoutesParts {
  sessions: SessionService
  requireSession: RequireSession
}

export function createSessionRoutes({ sessions, requireSession }: SessionRoutesParts): Router {
  return createRouter()
    .openapi(refreshRoute, async (c) => c.json(await sessions.refresh(c.req.valid('json').refreshToken), 200))
    .openapi({ ...endRoute, middleware: requireSession }, async (c) => {
      await sessions.end(c.get('session').id)
      return c.body(null, 204)
    }) as Router
}
