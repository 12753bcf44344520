import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access, type RequireClient } from '../../http/access.ts'
import {
  bodyErrors,
  clientErrors,
  commonErrors,
  exampleCodes,
  jsonAnswer,
  jsonBody,
  problemAnswers,
  wechatErrors,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { BackEndExchange } from '../../ways/back-end/exchange.ts'

const security = access.client('exchange')
const tags = ['Exchange for back ends']
const { appid, phoneCode, loginCode } = exampleCodes

const exchangeRoute = createRoute({
  method: 'post',
  path: '/v1/exchange',
  operationId: 'exchange',
  tags,
  summary: '用 phoneCode 换手机号，不建会员 · A phone code for its number, with no member of ours',
  description:
    '代替各语言 SDK 的 GetUserPhoneNumber：超时、断线后放心重发同样的内容，得到同一个号码，不会重复消费。只有同一个客户端能得到重发的结果。\n\n' +
    'In place of any SDK’s GetUserPhoneNumber: after a time-out send the very same body again, and the same number ' +
    'comes; nothing is spent twice. Only the same client gets it again.',
  security,
  request: { body: jsonBody(schemas.exchangeRequest, { appid, phoneCode, component: 'quick' }) },
  responses: {
    200: jsonAnswer(schemas.exchangeResponse, 'The number.'),
    ...problemAnswers(
      ...bodyErrors,
      ...clientErrors,
      'UNKNOWN_APP',
      'LOGIN_CODE_AS_PHONE_CODE',
      'PHONE_CODE_INVALID',
      'PHONE_CODE_LOST',
      'PHONE_APP_MISMATCH',
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

const openidRoute = createRoute({
  method: 'post',
  path: '/v1/openid',
  operationId: 'getOpenid',
  tags,
  summary: '用 loginCode 换 openid · A login code for its openid',
  description:
    '同样可以放心重发。session_key 不会离开服务。\n\nMay be sent again likewise. The session key never leaves the service.',
  security,
  request: { body: jsonBody(schemas.openidRequest, { appid, loginCode }) },
  responses: {
    200: jsonAnswer(schemas.openidResponse, 'The user.'),
    ...problemAnswers(
      ...bodyErrors,
      ...clientErrors,
      'UNKNOWN_APP',
      'PHONE_CODE_AS_LOGIN_CODE',
      'LOGIN_CODE_INVALID',
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

export interface ExchangeRoutesParts {
  backEndExchange: BackEndExchange
  requireClient: RequireClient
}

export function createExchangeRoutes({ backEndExchange, requireClient }: ExchangeRoutesParts): Router {
  const guarded = <Route extends { security: typeof security }>(route: Route) => ({
    ...route,
    middleware: requireClient(route),
  })
  return createRouter()
    .openapi(guarded(exchangeRoute), async (c) =>
      c.json(await backEndExchange.exchange(c.req.valid('json'), c.get('client'), c.var), 200),
    )
    .openapi(guarded(openidRoute), async (c) =>
      c.json(await backEndExchange.openid(c.req.valid('json'), c.get('client'), c.var), 200),
    ) as unknown as Router
}
