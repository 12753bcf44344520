import * as schemas from '@haoma/protocol/schemas'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { access, type ClientEnv, type RequireClient } from '../../http/access.ts'
import {
  bodyErrors,
  clientErrors,
  commonErrors,
  jsonAnswer,
  jsonBody,
  problemAnswers,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { BackEndMembers, Reader } from '../../ways/back-end/members.ts'

const security = access.client('member:read')
const tags = ['Members for back ends']
const numbers = {
  zh: '完整号码需要 phone:read 并填写 reason，记入审计；否则号码打码。',
  en: 'Full numbers need `phone:read` and a `reason`, and are audited; else numbers are masked.',
}
const errors = [...clientErrors, 'REASON_REQUIRED', ...commonErrors] as const

const getRoute = createRoute({
  method: 'get',
  path: '/v1/members/{id}',
  operationId: 'getMember',
  tags,
  summary: '按 id 读取会员 · A member by id',
  description: `${numbers.zh}\n\n${numbers.en}`,
  security,
  request: {
    params: z.object({ id: z.string().max(64) }),
    query: z.object({ reason: schemas.memberReason.optional() }),
  },
  responses: {
    200: jsonAnswer(schemas.memberRecord, 'The member.'),
    ...problemAnswers('BAD_REQUEST', 'MEMBER_NOT_FOUND', ...errors),
  },
})

const lookupRoute = createRoute({
  method: 'post',
  path: '/v1/members/lookup',
  operationId: 'lookUpMember',
  tags,
  summary: '按 openid、unionid 或号码查会员 · A member by openid, unionid or number',
  description:
    `号码只出现在请求体里，不出现在地址里。${numbers.zh}\n\n` +
    `A number stands in the body only, never in an address. ${numbers.en}`,
  security,
  request: { body: jsonBody(schemas.memberLookupRequest, { e164: '+8613800138000', reason: '匹配老会员' }) },
  responses: {
    200: jsonAnswer(schemas.memberRecord, 'The member.'),
    ...problemAnswers(...bodyErrors, 'MEMBER_NOT_FOUND', ...errors),
  },
})

const batchRoute = createRoute({
  method: 'post',
  path: '/v1/members/batch',
  operationId: 'getMembers',
  tags,
  summary: '按多个 id 读取会员 · Many members by id',
  description: `${numbers.zh}\n\n${numbers.en}`,
  security,
  request: { body: jsonBody(schemas.membersByIdRequest, { ids: ['0198f3b2-6f0a-7c3e-9a51-3d2c1b0a9f8e'] }) },
  responses: {
    200: jsonAnswer(
      z.object({ members: z.array(schemas.memberRecord) }),
      'Those that are known, in that order.',
    ),
    ...problemAnswers(...bodyErrors, ...errors),
  },
})

const changesRoute = createRoute({
  method: 'get',
  path: '/v1/members',
  operationId: 'listMemberChanges',
  tags,
  summary: '某个游标之后变化的会员 · Members that changed since a cursor',
  description:
    '给需要把会员复制到自己表里的后端：不带 cursor 从头开始，之后一直带上次的 nextCursor。不会漏掉任何变化。' +
    `${numbers.zh}\n\n` +
    'For those who copy members into their own table: start without a cursor, then go on with `nextCursor`. No ' +
    `change is ever missed. ${numbers.en}`,
  security,
  request: {
    query: z.object({
      cursor: z.string().max(64).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
      reason: schemas.memberReason.optional(),
    }),
  },
  responses: {
    200: jsonAnswer(schemas.membersPage, 'A page; `hasMore` says whether to go on at once.'),
    ...problemAnswers('BAD_REQUEST', 'CURSOR_INVALID', ...errors),
  },
})

export interface BackEndMemberRoutesParts {
  backEndMembers: BackEndMembers
  requireClient: RequireClient
}

export function createBackEndMemberRoutes({
  backEndMembers,
  requireClient,
}: BackEndMemberRoutesParts): Router {
  const guarded = <Route extends { security: typeof security }>(route: Route) => ({
    ...route,
    middleware: requireClient(route),
  })
  return createRouter()
    .openapi(guarded(lookupRoute), async (c) => {
      const { reason, ...query } = c.req.valid('json')
      return c.json(await backEndMembers.find(query, readerOf(c, reason)), 200)
    })
    .openapi(guarded(batchRoute), async (c) => {
      const { ids, reason } = c.req.valid('json')
      return c.json({ members: await backEndMembers.list(ids, readerOf(c, reason)) }, 200)
    })
    .openapi(guarded(changesRoute), async (c) => {
      const { cursor, limit, reason } = c.req.valid('query')
      return c.json(await backEndMembers.changes({ cursor, limit }, readerOf(c, reason)), 200)
    })
    .openapi(guarded(getRoute), async (c) => {
      const { reason } = c.req.valid('query')
      return c.json(await backEndMembers.get(c.req.valid('param').id, readerOf(c, reason)), 200)
    }) as unknown as Router
}

function readerOf(c: Context<ClientEnv>, reason: string | undefined): Reader {
  return { client: c.get('client'), reason, ip: c.get('clientIp'), requestId: c.get('requestId') }
}
