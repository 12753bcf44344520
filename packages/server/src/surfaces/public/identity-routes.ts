import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { bodyErrors, commonErrors, jsonAnswer, jsonBody, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { JoinService } from '../../ways/join-members.ts'
import type { RequireSession } from './require-session.ts'

const mergeRoute = createRoute({
  method: 'post',
  path: '/v1/identity/merge',
  operationId: 'mergeMembers',
  tags: ['Member'],
  summary: '合并两个会员 · Join two members who both have a number',
  description:
    '`IDENTITY_CONFLICT` 的应答里有 `merge.ticket`：十分钟内有效，只能用一次，且限原会员和原设备。另一个会员要用票据之后的新证据证明：用「手机号实时验证」再验证一次该号码（POST /v1/phone），或给出另一个会员的有效访问凭证。合并后以拥有该号码的会员为准，七天内可由运营撤销。\n\n' +
    'The answer `IDENTITY_CONFLICT` holds `merge.ticket`: good for ten minutes, once, for the same member and device. ' +
    'The other member is proven by something newer than the ticket: the number checked by the realtime component ' +
    '(`POST /v1/phone`), or an access token of its own living session. The member who has the number is the one ' +
    'that is left; an operator can undo it for seven days.',
  security: access.session,
  request: { body: jsonBody(schemas.mergeRequest, { ticket: 'hmt.…' }) },
  responses: {
    200: jsonAnswer(schemas.loginResponse, 'The member that is left, and new tokens for it.'),
    ...problemAnswers(
      ...bodyErrors,
      'SESSION_REQUIRED',
      'SESSION_EXPIRED',
      'MERGE_TICKET_INVALID',
      'MERGE_PROOF_REQUIRED',
      ...commonErrors,
    ),
  },
})

export interface IdentityRoutesParts {
  join: JoinService
  requireSession: RequireSession
}

export function createIdentityRoutes({ join, requireSession }: IdentityRoutesParts): Router {
  return createRouter().openapi({ ...mergeRoute, middleware: requireSession }, async (c) =>
    c.json(await join.byTicket(c.get('session'), c.req.valid('json')), 200),
  )
}
