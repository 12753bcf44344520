import { z } from '@hono/zod-openapi'
import type { DocumentedRoute } from '../../http/documented.ts'

type TokenRoute = Omit<DocumentedRoute, 'security'>

const granted = z.object({
  access_token: z.string(),
  expires_in: z
    .int()
    .describe(
      '秒；不超过 240 加上客户端的 tokenMarginS，因此按它缓存的客户端不会用到失效的 token · ' +
        'Seconds, at most 240, and the tokenMarginS of the client.',
    ),
})
const refused = z.object({ errcode: z.int(), errmsg: z.string() })

const responses = {
  200: {
    description: '微信自己的应答格式，出错时也是 HTTP 200 · WeChat’s own answers, also for errors.',
    content: { 'application/json': { schema: z.union([granted, refused]) } },
  },
}

const fields = z.object({
  grant_type: z.literal('client_credential'),
  appid: z.string().describe('小程序的 appid · AppID of the mini program'),
  secret: z.string().describe('clientSecret，代替 AppSecret · the clientSecret, in place of the AppSecret'),
})

const example = {
  grant_type: 'client_credential' as const,
  appid: 'wx5f0a3c9e7b1d2468',
  secret: '9f86d081884c7d659a2feaa0c55ad015',
}

export const stableTokenRoute: TokenRoute = {
  methods: ['post'],
  path: '/cgi-bin/stable_token',
  operationId: 'stableToken',
  tags: ['Access token'],
  summary: '微信的 stable_token 路径 · The path of WeChat’s stable token',
  description:
    'force_refresh 会被忽略：它会让别人手里的 token 立刻失效。\n\n' +
    '`force_refresh` is answered like a normal call: it would kill the token in everybody’s hands.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: fields.extend({ force_refresh: z.boolean().optional() }), example },
      },
    },
  },
  responses,
}

export const tokenRoute: TokenRoute = {
  methods: ['get', 'post'],
  path: '/cgi-bin/token',
  operationId: 'token',
  tags: ['Access token'],
  summary: '微信的 token 路径 · The path of WeChat’s older token',
  request: { query: fields },
  responses,
}
