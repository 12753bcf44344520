import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import type { LiveLogin, LiveLogins } from '../../journal/live.ts'
import type { LoginLookUp } from '../../journal/look-up.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminEnv, type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const tags = ['Admin: logins']

const searchRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/logins/search',
  operationId: 'adminSearchLogins',
  tags,
  summary: '查找登录记录 · Look for logins',
  description:
    '每个给出的条件都要满足。按号码或会员查找时，也会找到尚未认出是谁就已失败的请求。\n\n' +
    'Everything given must hold. By a number or a member, requests are found too that failed before anybody was recognised.',
  least: 'viewer',
  audits: null,
  request: { body: jsonBody(schemas.loginSearchRequest, { supportCode: '7K3Q9XW1' }) },
  responses: { 200: jsonAnswer(schemas.loginsPage, 'The newest first.') },
})

const findRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/logins/{id}',
  operationId: 'adminGetLogin',
  tags,
  summary: '一次登录的来龙去脉 · What happened in one login',
  least: 'viewer',
  audits: null,
  errors: ['NOT_FOUND'],
  request: { params: z.object({ id: z.string().max(128) }) },
  responses: { 200: jsonAnswer(schemas.loginDetail, 'The request, its timeline and its explanation.') },
})

const liveRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/logins/live',
  operationId: 'adminWatchLogins',
  tags,
  summary: '实时登录（server-sent events）· Logins as they happen, by server-sent events',
  description:
    '每个事件名为 `login`，数据同查找结果。断线后浏览器带 `Last-Event-ID` 续上，其附近的记录可能重复，按 id 去重。5 分钟后结束，浏览器会自己重连。\n\n' +
    'Each event is named `login` and holds an entry as the search has it. After a break the browser goes on from ' +
    '`Last-Event-ID`; around there an entry may come twice, and ids tell. Ends after five minutes; browsers connect again.',
  least: 'viewer',
  audits: null,
  request: { query: schemas.liveLoginsQuery },
  responses: { 200: { description: 'Events.', content: { 'text/event-stream': { schema: z.string() } } } },
})

export interface LoginsRoutesParts {
  lookUp: LoginLookUp
  live: LiveLogins
  /** Aborts when the service takes nobody new: a stream would never end by itself. */
  draining: AbortSignal
}

/** A session may have ended meanwhile: who looks on shows it again. */
const LONGEST_MS = 300_000

export function createLoginsRoutes({ lookUp, live, draining }: LoginsRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(searchRoute, async (c) => c.json(await lookUp.search(c.req.valid('json')), 200))
    .openapi(liveRoute, async (c) => {
      const { outcome, ...filter } = c.req.valid('query')
      const isFailed = outcome === 'failed'
      const gone = new AbortController()
      const signal = AbortSignal.any([gone.signal, draining, AbortSignal.timeout(LONGEST_MS)])
      const entries = live.watch(
        { ...filter, isFailed, ...(outcome !== undefined && !isFailed && { outcome }) },
        { after: c.req.header('last-event-id'), signal },
      )
      // What is refused is refused before the stream begins.
      const first = await entries.next()
      return stream(c, { entries, first, gone })
    })
    .openapi(findRoute, async (c) => {
      const found = await lookUp.find(c.req.valid('param').id)
      if (!found) throw new HaomaError('NOT_FOUND')
      return c.json(found, 200)
    }) as AdminRouter
}

interface Watched {
  entries: AsyncGenerator<LiveLogin[]>
  first: IteratorResult<LiveLogin[]>
  gone: AbortController
}

function stream(c: Context<AdminEnv>, { entries, first, gone }: Watched) {
  let end: () => void = () => {}
  c.env.hold(
    new Promise<void>((resolve) => {
      end = resolve
    }),
  )
  return streamSSE(c, async (sse) => {
    sse.onAbort(() => gone.abort())
    try {
      for (let next = first; !next.done; next = await entries.next()) {
        // Also shows the other end that we are here, and us that it is.
        if (next.value.length === 0) await sse.write(': \n\n')
        for (const { entry, cursor } of next.value) {
          await sse.writeSSE({ event: 'login', id: cursor, data: JSON.stringify(entry) })
        }
      }
    } finally {
      await entries.return(undefined)
      end()
    }
  })
}
