import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import {
  bodyErrors,
  commonErrors,
  exampleCodes,
  jsonAnswer,
  jsonBody,
  phoneErrors,
  problemAnswers,
  wechatErrors,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { PhoneService } from '../../ways/wechat/bind-phone.ts'
import type { RequireSession } from './require-session.ts'

const phoneRoute = createRoute({
  method: 'post',
  path: '/v1/phone',
  operationId: 'bindPhone',
  tags: ['Login'],
  summary: '绑定或更换手机号 · Bind or change the number of the signed-in member',
  description:
    '同一个凭证可以放心重试。若号码已属于另一个会员，而当前会员没有号码，则两者合并，应答的 session 里是新的凭证。\n\n' +
    'Safe to repeat with the same phone code. A number that belongs to an existing member makes a caller ' +
    'without a number that member; the answer then carries new tokens in `session`.',
  security: access.session,
  request: {
    body: jsonBody(schemas.phoneRequest, { phoneCode: exampleCodes.phoneCode, component: 'realtime' }),
  },
  responses: {
    200: jsonAnswer(schemas.phoneResponse, 'The number is bound.'),
    ...problemAnswers(
      ...bodyErrors,
      'SESSION_REQUIRED',
      'SESSION_EXPIRED',
      'UNKNOWN_APP',
      ...phoneErrors,
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

export interface PhoneRoutesParts {
  phones: PhoneService
  sessions: SessionService
  requireSession: RequireSession
}

export function createPhoneRoutes({ phones, sessions, requireSession }: PhoneRoutesParts): Router {
  return createRouter().openapi({ ...phoneRoute, middleware: requireSession }, async (c) => {
    const { session, claims } = c.var
    const member = await phones.bind(session, c.req.valid('json'), c.get('requestId'))
    if (member.id === claims.memberId) return c.json({ member }, 200)
    return c.json({ member, session: await sessions.issue({ ...session, memberId: member.id }) }, 200)
  })
}
