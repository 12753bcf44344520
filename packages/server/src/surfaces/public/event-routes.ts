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
    '成批上报：展示、点击、同意、结束等。只按小时累加，不含号码，也不保存单条记录。同一个 batchId 一天内只计一次。\n\n' +
    'In batches: shown, tapped, consented, ended … Only sums per hour are kept: no number, no single event. The same ' +
    '`batchId` counts once within a day.',
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
