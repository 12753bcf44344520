import type { SessionsResponse } from '@haoma/protocol'
import * as schemas from '@haoma/protocol/schemas'
import { createRoute, z } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { bodyErrors, commonErrors, jsonAnswer, jsonBody, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Session } from '../../stores/session-store.ts'
import type { RequireSession } from './require-session.ts'

type SessionSummary = SessionsResponse['sessions'][number]

const refreshRoute = createRoute({
  method: 'post',
  path: '/v1/session/refresh',
  operationId: 'refreshSession',
  tags: ['Session'],
  summary: '换取新的凭证 · Trade a refresh token for new tokens',
  security: access.anybody,
  description:
    '每个刷新凭证只能用一次。没收到应答时，用同一个凭证再请求，会得到同样的刷新凭证；新凭证一旦被用过（或超过一天），再用旧凭证就会结束会话。\n\n' +
    'Each refresh token works once and gives the next. When the answer was lost, the same token gives the same ' +
    'next one again, for a day, as long as nobody used that or an access token given with it. A token used later ' +
    'is a copy in other hands, and ends the session.',
  request: { body: jsonBody(schemas.refreshRequest, { refreshToken: 'hrt.…' }) },
  responses: {
    200: jsonAnswer(schemas.sessionView, 'New tokens; the old refresh token is spent.'),
    ...problemAnswers(...bodyErrors, 'SESSION_EXPIRED', 'REFRESH_TOKEN_REUSED', ...commonErrors),
  },
})

const sessionProblems = problemAnswers('SESSION_REQUIRED', 'SESSION_EXPIRED', ...commonErrors)
const bodylessProblems = problemAnswers('BAD_REQUEST', 'SESSION_REQUIRED', 'SESSION_EXPIRED', ...commonErrors)

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

const listRoute = createRoute({
  method: 'get',
  path: '/v1/sessions',
  operationId: 'listSessions',
  tags: ['Session'],
  summary: '已登录的设备 · Where the member is signed in',
  security: access.session,
  responses: {
    200: jsonAnswer(schemas.sessionsResponse, 'Living sessions, newest first.'),
    ...sessionProblems,
  },
})

const endOthersRoute = createRoute({
  method: 'delete',
  path: '/v1/sessions',
  operationId: 'endOtherSessions',
  tags: ['Session'],
  summary: '退出其他所有设备 · Sign out everywhere else',
  security: access.session,
  responses: {
    204: { description: 'Every session of the member has ended but this one.' },
    ...sessionProblems,
  },
})

const endOneRoute = createRoute({
  method: 'delete',
  path: '/v1/sessions/{id}',
  operationId: 'endOneSession',
  tags: ['Session'],
  summary: '退出一台设备 · Sign out one device',
  security: access.session,
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: {
    204: { description: 'The session has ended, or was no living session of the member.' },
    ...bodylessProblems,
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
      const { id, memberId } = c.get('session')
      await sessions.end(id, memberId)
      return c.body(null, 204)
    })
    .openapi({ ...listRoute, middleware: requireSession }, async (c) => {
      const current = c.get('session')
      const living = await sessions.list(current.memberId)
      return c.json({ sessions: living.map((session) => summaryOf(session, current.id)) }, 200)
    })
    .openapi({ ...endOthersRoute, middleware: requireSession }, async (c) => {
      const { id, memberId } = c.get('session')
      await sessions.endOthers(memberId, id)
      return c.body(null, 204)
    })
    .openapi({ ...endOneRoute, middleware: requireSession }, async (c) => {
      await sessions.end(c.req.valid('param').id, c.get('session').memberId)
      return c.body(null, 204)
    }) as Router
}

function summaryOf(session: Session, currentId: string): SessionSummary {
  const { id, way, appid, deviceName, platform } = session
  return {
    id,
    isCurrent: id === currentId,
    way,
    appid,
    deviceName,
    platform,
    createdAt: new Date(session.createdAtMs).toISOString(),
    seenAt: new Date(session.seenAtMs).toISOString(),
    expiresAt: new Date(session.expiresAtMs).toISOString(),
  }
}
