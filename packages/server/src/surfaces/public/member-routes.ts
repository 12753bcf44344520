import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { commonErrors, jsonAnswer, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { MemberService } from '../../members/service.ts'
import type { Database } from '../../stores/database.ts'
import type { RequireSession } from './require-session.ts'

const meRoute = createRoute({
  method: 'get',
  path: '/v1/me',
  operationId: 'getMe',
  tags: ['Member'],
  summary: '当前会员 · The signed-in member',
  security: access.session,
  responses: {
    200: jsonAnswer(schemas.meResponse, 'The member, as a client may see it.'),
    ...problemAnswers('SESSION_REQUIRED', 'SESSION_EXPIRED', ...commonErrors),
  },
})

export interface MemberRoutesParts {
  db: Database
  members: MemberService
  requireSession: RequireSession
}

export function createMemberRoutes({ db, members, requireSession }: MemberRoutesParts): Router {
  return createRouter().openapi({ ...meRoute, middleware: requireSession }, async (c) =>
    c.json({ member: await members.view(db, c.get('session').memberId) }, 200),
  )
}
