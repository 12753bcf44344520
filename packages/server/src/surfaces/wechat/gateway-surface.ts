import { z } from '@hono/zod-openapi'
import { access, type ClientEnv, type RequireClient, securitySchemes } from '../../http/access.ts'
import { addDocumented } from '../../http/documented.ts'
import { answerHeaders, noStore } from '../../http/headers.ts'
import { observe } from '../../http/observe.ts'
import { problemAnswers, wechatErrors } from '../../http/openapi.ts'
import { answerProblem } from '../../http/problems.ts'
import { createRouter } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Gateway } from '../../tokens/gateway/gateway.ts'
import type { Surface } from '../surface.ts'

export interface GatewaySurfaceParts {
  gateway: Gateway
  requireClient: RequireClient
  logger: Logger
  clock: Clock
  newId: NewId
}

const security = access.client('gateway')

/** WeChat's API under `/wechat/<appid>`, with the access token put in. Our refusals are problem documents. */
export function createGatewaySurface({ gateway, requireClient, ...observed }: GatewaySurfaceParts): Surface {
  const router = createRouter()
  router.onError(answerProblem)
  router.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })
  router.use(observe(observed), answerHeaders, noStore)
  addDocumented<ClientEnv>(
    router,
    {
      methods: ['get', 'post', 'put', 'patch', 'delete'],
      path: '/wechat/:appid/*',
      operationId: 'gateway',
      tags: ['Access token'],
      summary: '调用微信接口，由服务带上 access_token · Call WeChat’s API with the token put in',
      description:
        '只开放给客户端列出的路径；换取手机号、session_key、token、清空额度等路径永不开放。token 失效时自动换新并重发一次（请求体不超过 1 MB）。\n\n' +
        'Only paths on the client’s list; those that hand out tokens, secrets or numbers never. When the token is ' +
        'dead the call is made once more with another, if the body is 1 MB at most.',
      security,
      request: { params: z.object({ appid: z.string(), path: z.string() }) },
      responses: {
        200: { description: '微信的应答，原样 · WeChat’s answer as it came.' },
        ...problemAnswers(
          'CLIENT_REQUIRED',
          'SCOPE_MISSING',
          'IP_NOT_ALLOWED',
          'RATE_LIMITED',
          'UNKNOWN_APP',
          'GATEWAY_PATH_DENIED',
          'LENGTH_REQUIRED',
          'BODY_TOO_LARGE',
          'TOKEN_UNAVAILABLE',
          ...wechatErrors,
          'STORE_UNAVAILABLE',
        ),
      },
    },
    requireClient({ security }),
    (c) =>
      gateway.pass(
        { request: c.req.raw, appid: c.req.param('appid') ?? '', client: c.get('client') },
        c.env.hold,
      ),
  )
  router.openAPIRegistry.registerComponent('securitySchemes', 'client', securitySchemes.client)
  return { prefixes: ['/wechat'], router }
}
