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
import type { LoginService } from '../../ways/wechat/login.ts'

const loginRoute = createRoute({
  method: 'post',
  path: '/v1/login',
  operationId: 'login',
  tags: ['Login'],
  summary: '登录，可同时带上手机号 · Sign a WeChat user in, with or without a number',
  security: access.anybody,
  description:
    '可以放心重试：5 分钟内重发相同内容，得到同一个会员和号码，不会重复消费。手机号凭证失败时，loginCode 仍可与新的 phoneCode 一起使用。\n\n' +
    'Safe to repeat: the same body, sent again within the life of its codes (5 minutes), gives the same member ' +
    'and number, spends nothing twice, and opens a session of its own. When the phone code fails, `loginCode` ' +
    'stays good for another try with a new `phoneCode`.',
  request: { body: jsonBody(schemas.loginRequest, { ...exampleCodes, component: 'quick' }) },
  responses: {
    200: jsonAnswer(schemas.loginResponse, 'Signed in.'),
    ...problemAnswers(
      ...bodyErrors,
      'UNKNOWN_APP',
      'PHONE_CODE_AS_LOGIN_CODE',
      'LOGIN_CODE_INVALID',
      ...memberErrors,
      ...phoneErrors,
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

export function createLoginRoutes(service: LoginService): Router {
  return createRouter().openapi(loginRoute, async (c) =>
    c.json(await service.login(c.req.valid('json'), c.var), 200),
  )
}
