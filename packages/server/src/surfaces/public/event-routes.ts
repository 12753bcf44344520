import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { bodyErrors, commonErrors, jsonAnswer, jsonBody, problemAnswers } from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Telemetry } from '../../ledger/telemetry.ts'

const eventsRoute = createRoute({
  method: 'post',
  path: '/v1/events',
  operationId: 'countEvents',
  tags: ['Telemetry'],
  summary: '上报按钮事件 · Count what a button tells',
  description:
    '成批上报：展示、点击、同意、结束等。按小时累加；单条记录只留 7 天，不含号码，也不含是谁。同一个 batchId 一天内只计一次。' +
    '带 codeHash 的同意会记入账本：即使 code 从未送达，微信也已计费。\n\n' +
    'In batches: shown, tapped, consented, ended … counted per hour; single events are kept for 7 days, with no number ' +
    'and no person. The same `batchId` counts once within a day. A consent with a `codeHash` opens an entry in the ' +
    'ledger: WeChat charges it even if its code is never sent.',
  security: access.anybody,
  request: {
    body: jsonBody(schemas.telemetryRequest, {
      batchId: '0198f3b2-6f0a-7c3e',
      appid: 'wx5f0a3c9e7b1d2468',
      events: [{ event: 'tapped', component: 'quick', agoMs: 1200 }],
    }),
  },
  responses: {
    202: jsonAnswer(schemas.telemetryResponse, 'Counted.'),
    ...problemAnswers(...bodyErrors, 'UNKNOWN_APP', ...commonErrors),
  },
})

export interface EventRoutesParts {
  telemetry: Telemetry
}

export function createEventRoutes({ telemetry }: EventRoutesParts): Router {
  return createRouter().openapi(eventsRoute, async (c) =>
    c.json({ accepted: await telemetry.count(c.req.valid('json')) }, 202),
  )
}
