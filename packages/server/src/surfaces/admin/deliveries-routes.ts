import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Actor } from '../../stores/audit-store.ts'
import type { DeliveryView, Webhooks } from '../../webhooks/webhooks.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: webhooks']
const params = z.object({ id: z.string().max(64) })
const PAGE = 50

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/deliveries',
  operationId: 'adminListDeliveries',
  tags,
  summary: '列出投递 · List deliveries',
  least: 'viewer',
  audits: null,
  request: { query: schemas.deliveriesQuery },
  responses: { 200: jsonAnswer(schemas.deliveriesPage, 'Newest first.') },
})

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/deliveries/{id}',
  operationId: 'adminGetDelivery',
  tags,
  summary: '一次投递及其全部尝试 · A delivery with all its tries',
  least: 'viewer',
  audits: null,
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.deliveryDetail, 'Tries oldest first.') },
})

const replayRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/deliveries/{id}/replay',
  operationId: 'adminReplayDelivery',
  tags,
  summary: '立即重发，消息 id 不变 · Send again now, under the same id',
  least: 'operator',
  audits: 'webhook.replay',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.tryResponse, 'How it went.') },
})

export interface DeliveriesRoutesParts {
  /** Webhooks, used in the name of an actor. */
  webhooksOf(actor: Actor): Webhooks
}

export function createDeliveriesRoutes({ webhooksOf }: DeliveriesRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const webhooks = webhooksOf(c.get('caller').actor)
      const { cursor, limit = PAGE, ...filter } = c.req.valid('query')
      const found = await webhooks.deliveries({ ...filter, beforeId: cursor, limit })
      const last = found.length === limit ? found.at(-1) : undefined
      return c.json({ items: found.map(viewOf), nextCursor: last?.id ?? null }, 200)
    })
    .openapi(getRoute, async (c) => {
      const { id } = c.req.valid('param')
      const webhooks = webhooksOf(c.get('caller').actor)
      const [delivery, attempts] = await Promise.all([webhooks.delivery(id), webhooks.attempts(id)])
      if (!delivery) throw new HaomaError('NOT_THERE')
      const tries = attempts.map(({ atMs, status, durationMs, error, response }) => ({
        at: iso(atMs),
        status,
        durationMs,
        error,
        response,
      }))
      return c.json({ delivery: viewOf(delivery), attempts: tries }, 200)
    })
    .openapi(replayRoute, async (c) => {
      const { id } = c.req.valid('param')
      const webhooks = webhooksOf(c.get('caller').actor)
      if (!(await webhooks.delivery(id))) throw new HaomaError('NOT_THERE')
      const sent = await webhooks.replay(id)
      if (!sent) throw new HaomaError('NOT_POSSIBLE_NOW', { text: onItsWay })
      const { isDelivered, status, durationMs, error } = sent
      return c.json({ isDelivered, status, durationMs, error }, 200)
    }) as AdminRouter
}

const onItsWay = {
  zh: '这条消息正在发送中，请稍后再看。',
  en: 'The message is being sent right now. Look again in a moment.',
}

function viewOf(delivery: DeliveryView): schemas.WebhookDeliveryView {
  return {
    id: delivery.id,
    endpointId: delivery.endpointId,
    eventId: delivery.eventId,
    type: delivery.type,
    memberId: delivery.memberId,
    memberSeq: delivery.memberSeq,
    state: delivery.state,
    breaksOrder: delivery.breaksOrder,
    attempts: delivery.attempts,
    nextAt: delivery.state === 'pending' ? iso(delivery.nextAtMs) : null,
    lastStatus: delivery.lastStatus,
    lastError: delivery.lastError,
    createdAt: iso(delivery.createdAtMs),
    deliveredAt: isoOrNull(delivery.deliveredAtMs),
  }
}
