import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { Alerts, ChannelView } from '../../alerts/alerts.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { badRequest, iso, isoOrNull } from './views.ts'

const tags = ['Admin: alerts']
const params = z.object({ id: z.string().max(64) })
const example = {
  name: '值班群',
  kind: 'wecom' as const,
  url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
}

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/alert-channels',
  operationId: 'adminListAlertChannels',
  tags,
  summary: '列出告警渠道，地址与密钥不显示 · List channels, without their addresses and secrets',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.alertChannelsResponse, 'Oldest first.') },
})

const createRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/alert-channels',
  operationId: 'adminCreateAlertChannel',
  tags,
  summary:
    '添加渠道：企业微信、钉钉、飞书机器人或 webhook · Add a robot of WeCom, DingTalk or Feishu, or a webhook',
  least: 'operator',
  audits: 'alert-channel.create',
  request: { body: jsonBody(schemas.saveChannelRequest, example) },
  responses: { 201: jsonAnswer(schemas.alertChannel, 'The channel.') },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/alert-channels/{id}',
  operationId: 'adminChangeAlertChannel',
  tags,
  summary: '修改、停用或启用渠道 · Change a channel, switch it off or on',
  least: 'operator',
  audits: 'alert-channel.update',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.changeChannelRequest, { isEnabled: false }) },
  responses: { 200: jsonAnswer(schemas.alertChannel, 'As it is now.') },
})

const removeRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/alert-channels/{id}',
  operationId: 'adminRemoveAlertChannel',
  tags,
  summary: '删除渠道 · Remove a channel',
  least: 'operator',
  audits: 'alert-channel.remove',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Gone.' } },
})

const testRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/alert-channels/{id}/test',
  operationId: 'adminTestAlertChannel',
  tags,
  summary: '立即发送一条测试消息 · Send a test message now',
  least: 'operator',
  audits: 'alert-channel.test',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.channelTestResponse, 'How it went.') },
})

export function createAlertChannelRoutes({ alerts }: { alerts: Alerts }): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => c.json({ channels: (await alerts.listChannels()).map(viewOf) }, 200))
    .openapi(createRoute, async (c) => {
      const added = await badRequest(() => alerts.addChannel(c.req.valid('json'), c.get('caller').actor))
      return c.json(viewOf(added), 201)
    })
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param')
      const changed = await badRequest(() =>
        alerts.changeChannel(id, c.req.valid('json'), c.get('caller').actor),
      )
      if (!changed) throw new HaomaError('NOT_THERE')
      return c.json(viewOf(changed), 200)
    })
    .openapi(removeRoute, async (c) => {
      const isDone = await alerts.removeChannel(c.req.valid('param').id, c.get('caller').actor)
      if (!isDone) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    })
    .openapi(testRoute, async (c) => {
      const verdict = await alerts.testChannel(c.req.valid('param').id, c.get('caller').actor)
      if (!verdict) throw new HaomaError('NOT_THERE')
      return c.json({ isDelivered: verdict.isDelivered, status: null, text: verdict.text }, 200)
    }) as AdminRouter
}

function viewOf({ createdAtMs, sentAtMs, kind, ...channel }: ChannelView): schemas.AlertChannel {
  return {
    ...channel,
    kind: kind as schemas.AlertChannel['kind'],
    createdAt: iso(createdAtMs),
    sentAt: isoOrNull(sentAtMs),
  }
}
