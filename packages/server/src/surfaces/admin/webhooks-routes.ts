import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Actor } from '../../stores/audit-store.ts'
import type { DeliveryCount, DeliveryState } from '../../stores/webhook-store.ts'
import type { EndpointView } from '../../webhooks/endpoints.ts'
import { eventPatterns } from '../../webhooks/event-filter.ts'
import type { Webhooks } from '../../webhooks/webhooks.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { badRequest, iso, isoOrNull } from './views.ts'

const tags = ['Admin: webhooks']
const params = z.object({ id: z.string().max(64) })

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/webhooks',
  operationId: 'adminListWebhooks',
  tags,
  summary: '列出 webhook 与近 7 天的投递情况 · List webhooks, with their deliveries of 7 days',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.webhooksResponse, 'Oldest first.') },
})

const createRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/webhooks',
  operationId: 'adminCreateWebhook',
  tags,
  summary: '新建 webhook，密钥只显示这一次 · Make a webhook; its secret is shown once',
  least: 'operator',
  audits: 'webhook.create',
  request: {
    body: jsonBody(schemas.createWebhookRequest, { url: 'https://shop.example/haoma', events: ['*'] }),
  },
  responses: { 201: jsonAnswer(schemas.webhookSecretResponse, 'Shown once.') },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/webhooks/{id}',
  operationId: 'adminChangeWebhook',
  tags,
  summary: '修改、停用或启用 · Change, switch off or on',
  description:
    '停用期间的事件会保留，启用后补发。\n\nWhat happens while it is off is held, and sent when it is on again.',
  least: 'operator',
  audits: ['webhook.update', 'webhook.enable', 'webhook.disable'],
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.changeWebhookRequest, { isEnabled: false }) },
  responses: { 200: jsonAnswer(schemas.webhookEndpoint, 'As it is now.') },
})

const removeRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/webhooks/{id}',
  operationId: 'adminRemoveWebhook',
  tags,
  summary: '删除，连同等待发送的投递 · Remove, with the deliveries that wait',
  least: 'operator',
  audits: 'webhook.remove',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Gone.' } },
})

const rotateRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/webhooks/{id}/rotate',
  operationId: 'adminRotateWebhook',
  tags,
  summary: '换新签名密钥，旧密钥再用一段时间 · Give a new secret; the former one signs too for a while',
  least: 'operator',
  audits: 'webhook.rotate',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.rotateWebhookRequest, {}) },
  responses: { 200: jsonAnswer(schemas.webhookSecretResponse, 'Shown once.') },
})

const testRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/webhooks/{id}/test',
  operationId: 'adminTestWebhook',
  tags,
  summary: '立即发送一条测试消息 · Send a test message now',
  least: 'operator',
  audits: 'webhook.test',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.tryResponse, 'How it went.') },
})

const replayDeadRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/webhooks/{id}/replay-dead',
  operationId: 'adminReplayDeadDeliveries',
  tags,
  summary: '重发全部已放弃的投递 · Send everything again that was given up',
  least: 'operator',
  audits: 'webhook.replay-dead',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.replayDeadResponse, 'How many are on their way again.') },
})

export interface WebhooksRoutesParts {
  /** Webhooks, used in the name of an actor. */
  webhooksOf(actor: Actor): Webhooks
}

export function createWebhooksRoutes({ webhooksOf }: WebhooksRoutesParts): AdminRouter {
  const listViews = async (webhooks: Webhooks) => {
    const [endpoints, counts] = await Promise.all([webhooks.list(), webhooks.counts()])
    return endpoints.map((endpoint) => viewOf(endpoint, counts))
  }
  const requireView = async (webhooks: Webhooks, id: string) => {
    const view = (await listViews(webhooks)).find((one) => one.id === id)
    if (!view) throw new HaomaError('NOT_THERE')
    return view
  }

  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const endpoints = await listViews(webhooksOf(c.get('caller').actor))
      return c.json({ endpoints, eventTypes: [...eventPatterns] }, 200)
    })
    .openapi(createRoute, async (c) => {
      const webhooks = webhooksOf(c.get('caller').actor)
      const { endpointId, secret } = await badRequest(() => webhooks.create(c.req.valid('json')))
      return c.json({ id: endpointId, secret }, 201)
    })
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param')
      const { isEnabled, ...settings } = c.req.valid('json')
      const webhooks = webhooksOf(c.get('caller').actor)
      await requireView(webhooks, id)
      if (Object.keys(settings).length > 0) await badRequest(() => webhooks.update(id, settings))
      if (isEnabled !== undefined) await (isEnabled ? webhooks.enable(id) : webhooks.disable(id))
      return c.json(await requireView(webhooks, id), 200)
    })
    .openapi(removeRoute, async (c) => {
      const isDone = await webhooksOf(c.get('caller').actor).remove(c.req.valid('param').id)
      if (!isDone) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    })
    .openapi(rotateRoute, async (c) => {
      const { id } = c.req.valid('param')
      const made = await webhooksOf(c.get('caller').actor).rotate(id, c.req.valid('json'))
      if (!made) throw new HaomaError('NOT_THERE')
      return c.json({ id, secret: made.secret }, 200)
    })
    .openapi(testRoute, async (c) => {
      const sent = await webhooksOf(c.get('caller').actor).test(c.req.valid('param').id)
      if (!sent) throw new HaomaError('NOT_THERE')
      const { isDelivered, status, durationMs, error } = sent
      return c.json({ isDelivered, status, durationMs, error }, 200)
    })
    .openapi(replayDeadRoute, async (c) => {
      const { id } = c.req.valid('param')
      const webhooks = webhooksOf(c.get('caller').actor)
      await requireView(webhooks, id)
      return c.json({ replayed: await webhooks.replayDead(id) }, 200)
    }) as AdminRouter
}

function viewOf(endpoint: EndpointView, counts: readonly DeliveryCount[]): schemas.WebhookEndpointView {
  const count = (...states: DeliveryState[]) =>
    counts
      .filter(({ endpointId, state }) => endpointId === endpoint.id && states.includes(state))
      .reduce((sum, one) => sum + one.count, 0)
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    events: [...endpoint.events],
    appids: endpoint.appids && [...endpoint.appids],
    withNumber: endpoint.withNumber,
    isEnabled: endpoint.isEnabled,
    disabledReason: endpoint.disabledReason,
    failingSince: isoOrNull(endpoint.failingSinceMs),
    delivered: count('delivered'),
    dead: count('dead'),
    pending: count('pending', 'held'),
    createdAt: iso(endpoint.createdAtMs),
    updatedAt: iso(endpoint.updatedAtMs),
  }
}
