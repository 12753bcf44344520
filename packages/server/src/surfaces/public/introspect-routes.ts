import * as schemas from '@haoma/protocol/schemas'
import { z } from '@hono/zod-openapi'
import { access, type ClientEnv, type RequireClient } from '../../http/access.ts'
import { addDocumented } from '../../http/documented.ts'
import { clientErrors, commonErrors, jsonAnswer, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Introspect } from '../../ways/back-end/introspect.ts'

const security = access.client('introspect')
const example = { token: 'eyJhbGciOiJFUzI1NiJ9.…' }
const form = schemas.introspectRequest.extend({ token_type_hint: z.string().optional() })

export interface IntrospectRoutesParts {
  introspect: Introspect
  requireClient: RequireClient
}

/** Takes a form, as RFC 7662 has it, and JSON, as the rest of this API. */
export function createIntrospectRoutes({ introspect, requireClient }: IntrospectRoutesParts): Router {
  const router = createRouter()
  addDocumented<ClientEnv>(
    router,
    {
      methods: ['post'],
      path: '/v1/introspect',
      operationId: 'introspect',
      tags: ['Session'],
      summary: '校验会话 · Whose session a token is, and whether it lives',
      description:
        '未知、已结束或属于其他小程序的 token 一律回答 {"active": false}。phone_number 需要 phone:read。\n\n' +
        'A token that is unknown, ended or of an app that is not the client’s is answered `{"active": false}`. ' +
        '`phone_number` needs `phone:read`. [RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)',
      security,
      request: {
        body: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': { schema: form, example },
            'application/json': { schema: schemas.introspectRequest, example },
          },
        },
      },
      responses: {
        200: jsonAnswer(schemas.introspectResponse, 'The session, or that there is none.'),
        ...problemAnswers('BAD_REQUEST', 'BODY_TOO_LARGE', ...clientErrors, ...commonErrors),
      },
    },
    requireClient({ security }),
    async (c) => {
      const token = readToken(await c.req.text())
      const by = { client: c.get('client'), ip: c.get('clientIp'), requestId: c.get('requestId') }
      return c.json(await introspect(token, by))
    },
  )
  return router
}

function readToken(text: string): string {
  const field = /^\s*\{/.test(text) ? readJson(text).token : new URLSearchParams(text).get('token')
  const parsed = schemas.introspectRequest.safeParse({ token: field })
  if (parsed.success) return parsed.data.token
  throw new HaomaError('BAD_REQUEST', {
    issues: [{ path: 'token', message: '需要 token 字段 / the field token is required' }],
  })
}

function readJson(text: string): { token?: unknown } {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
