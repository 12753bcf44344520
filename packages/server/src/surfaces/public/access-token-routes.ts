import * as schemas from '@haoma/protocol/schemas'
import { createRoute, z } from '@hono/zod-openapi'
import { access, type RequireClient } from '../../http/access.ts'
import {
  bodyErrors,
  clientErrors,
  commonErrors,
  jsonAnswer,
  jsonBody,
  problemAnswers,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { CentralTokens } from '../../tokens/central-tokens.ts'

const accessTokenRoute = createRoute({
  method: 'post',
  path: '/v1/apps/{appid}/access-token',
  operationId: 'accessToken',
  tags: ['Access token'],
  summary: '取得小程序的 access_token · The access token of a mini program',
  description:
    '微信拒绝了某个 token 时，把它放进 failedToken：得到的一定是另一个。token 从不出现在地址里。\n\n' +
    'Hand in a token that WeChat refused as `failedToken`, and another one is given. Tokens never stand in an address.',
  security: access.client('token'),
  request: {
    params: z.object({ appid: schemas.appid }),
    body: jsonBody(schemas.accessTokenRequest, {}),
  },
  responses: {
    200: jsonAnswer(schemas.accessTokenResponse, 'A living token.'),
    ...problemAnswers(...bodyErrors, ...clientErrors, 'UNKNOWN_APP', 'TOKEN_UNAVAILABLE', ...commonErrors),
  },
})

export interface AccessTokenRoutesParts {
  tokens: CentralTokens
  requireClient: RequireClient
}

export function createAccessTokenRoutes({ tokens, requireClient }: AccessTokenRoutesParts): Router {
  const route = { ...accessTokenRoute, middleware: requireClient(accessTokenRoute) }
  return createRouter().openapi(route, async (c) => {
    const { appid } = c.req.valid('param')
    const { failedToken } = c.req.valid('json')
    if (!c.get('client').mayActFor(appid)) throw new HaomaError('UNKNOWN_APP')
    const granted =
      failedToken === undefined ? await tokens.current(appid) : await tokens.other(appid, failedToken)
    return c.json(granted, 200)
  }) as unknown as Router
}
