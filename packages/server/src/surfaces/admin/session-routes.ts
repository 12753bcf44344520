import * as schemas from '@haoma/protocol/admin'
import type { AdminPolicy } from '../../admin/policy.ts'
import type { AdminSessions } from '../../admin/sessions.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { sessionResponse } from './views.ts'

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/session',
  operationId: 'adminGetSession',
  tags: ['Admin: session'],
  summary: '当前登录的管理员 · Who is signed in',
  least: 'viewer',
  audits: null,
  responses: {
    200: jsonAnswer(schemas.adminSessionResponse, 'The administrator, and the token for changes.'),
  },
})

export interface SessionRoutesParts {
  sessions: AdminSessions
  policy: AdminPolicy
}

export function createSessionRoutes({ sessions, policy }: SessionRoutesParts): AdminRouter {
  return createAdminRouter().openapi(getRoute, async (c) => {
    const found = await sessions.find(c.get('shown').cookie ?? '')
    // An API key is nobody who signs in.
    if (!found || c.get('caller').session === null) throw new HaomaError('ADMIN_REQUIRED')
    return c.json(sessionResponse(found, policy), 200)
  }) as AdminRouter
}
