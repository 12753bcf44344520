import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import {
  bodyErrors,
  commonErrors,
  exampleCodes,
  jsonAnswer,
  jsonBody,
  memberErrors,
  phoneErrors,
  problemAnswers,
  wechatErrors,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { MemberService } from '../../members/service.ts'
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
      ...memberErrors,
      ...phoneErrors,
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

const unbindRoute = createRoute({
  method: 'delete',
  path: '/v1/phone',
  operationId: 'unbindPhone',
  tags: ['Member'],
  summary: '解绑手机号 · Take the number from the signed-in member',
  description:
    '号码随即可以绑定到其他会员；没有号码时什么也不做。\n\n' +
    'The number is free for others at once. Nothing happens to a member who has none.',
  security: access.session,
  responses: {
    200: jsonAnswer(schemas.meResponse, 'The member, who has no number now.'),
    ...problemAnswers('SESSION_REQUIRED', 'SESSION_EXPIRED', ...commonErrors),
  },
})

export interface PhoneRoutesParts {
  phones: PhoneService
  members: MemberService
  requireSession: RequireSession
}

export function createPhoneRoutes({ phones, members, requireSession }: PhoneRoutesParts): Router {
  return createRouter()
    .openapi({ ...phoneRoute, middleware: requireSession }, async (c) => {
      return c.json(await phones.bind(c.var, c.req.valid('json'), c.var), 200)
    })
    .openapi({ ...unbindRoute, middleware: requireSession }, async (c) => {
      const { memberId, appid } = c.get('session')
      return c.json({ member: await members.unbind(memberId, { appid }) }, 200)
    }) as Router
}
