import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import {
  bodyErrors,
  commonErrors,
  jsonAnswer,
  jsonBody,
  phoneErrors,
  problemAnswers,
  wechatErrors,
} from '../http/openapi.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { LoginService } from './service.ts'

const loginRoute = createRoute({
  method: 'post',
  path: '/v1/login',
  operationId: 'login',
  tags: ['Login'],
  summary: 'Sign a WeChat user in, with or without a phone number',
  description:
    'Safe to repeat: the same body, sent again within the life of its codes (5 minutes), gives the same member ' +
    'and number, spends nothing twice, and opens a session of its own. When the phone code fails, `loginCode` ' +
    'stays good for another try with a new `phoneCode`.',
  request: { body: jsonBody(schemas.loginRequest) },
  responses: {
    200: jsonAnswer(schemas.loginResponse, 'Signed in.'),
    ...problemAnswers(
      ...bodyErrors,
      'UNKNOWN_APP',
      'PHONE_CODE_AS_LOGIN_CODE',
      'LOGIN_CODE_INVALID',
      ...phoneErrors,
      ...wechatErrors,
      ...commonErrors,
    ),
  },
})

export function createLoginRoutes(service: LoginService): Router {
  return createRouter().openapi(loginRoute, async (c) =>
    c.json(await service.login(c.req.valid('json')), 200),
  )
}
