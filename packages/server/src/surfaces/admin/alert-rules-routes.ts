import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { Alerts } from '../../alerts/alerts.ts'
import { isKind, kindNames, kinds } from '../../alerts/kinds.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { AlertRule } from '../../stores/alert-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { badRequest, iso } from './views.ts'

const tags = ['Admin: alerts']
const params = z.object({ id: z.string().max(64) })
const example = { name: '余量不足', kind: 'balance-low' as const, settings: { threshold: 500 } }

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/alert-rules',
  operationId: 'adminListAlertRules',
  tags,
  summary: '列出告警规则，及每种规则的默认值 · List rules, and the defaults of each kind',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.alertRulesResponse, 'Oldest first.') },
})

const createRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/alert-rules',
  operationId: 'adminCreateAlertRule',
  tags,
  summary: '新建告警规则 · Make a rule',
  least: 'operator',
  audits: 'alert-rule.create',
  request: { body: jsonBody(schemas.saveAlertRuleRequest, example) },
  responses: { 201: jsonAnswer(schemas.alertRule, 'The rule.') },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/alert-rules/{id}',
  operationId: 'adminChangeAlertRule',
  tags,
  summary: '修改、停用或启用规则 · Change a rule, switch it off or on',
  least: 'operator',
  audits: 'alert-rule.update',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.changeAlertRuleRequest, { isEnabled: false }) },
  responses: { 200: jsonAnswer(schemas.alertRule, 'As it is now.') },
})

const removeRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/alert-rules/{id}',
  operationId: 'adminRemoveAlertRule',
  tags,
  summary: '删除规则，连同它的告警 · Remove a rule with its alerts',
  least: 'operator',
  audits: 'alert-rule.remove',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Gone.' } },
})

export function createAlertRuleRoutes({ alerts }: { alerts: Alerts }): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const rules = (await alerts.listRules()).flatMap((rule) => ruleView(rule) ?? [])
      const all = kindNames.map((kind) => {
        const { text, unit, threshold, windowS } = kinds[kind]
        return { kind, text, unit, threshold, windowS: windowS === 0 ? null : windowS }
      })
      return c.json({ rules, kinds: all }, 200)
    })
    .openapi(createRoute, async (c) => {
      const {
        channelIds = [],
        settings = {},
        quietHours = null,
        isEnabled = true,
        ...rule
      } = c.req.valid('json')
      const settled = { ...rule, settings, channels: channelIds, quietHours, isEnabled }
      const added = await badRequest(() => alerts.addRule(settled, c.get('caller').actor))
      return c.json(requireView(added), 201)
    })
    .openapi(changeRoute, async (c) => {
      const { channelIds, name, kind, settings, quietHours, isEnabled } = c.req.valid('json')
      const to = {
        ...(name !== undefined && { name }),
        ...(kind !== undefined && { kind }),
        ...(settings !== undefined && { settings }),
        ...(quietHours !== undefined && { quietHours }),
        ...(isEnabled !== undefined && { isEnabled }),
        ...(channelIds !== undefined && { channels: channelIds }),
      }
      const changed = await badRequest(() =>
        alerts.changeRule(c.req.valid('param').id, to, c.get('caller').actor),
      )
      return c.json(requireView(changed), 200)
    })
    .openapi(removeRoute, async (c) => {
      const isDone = await alerts.removeRule(c.req.valid('param').id, c.get('caller').actor)
      if (!isDone) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    }) as AdminRouter
}

function requireView(rule: AlertRule | undefined): schemas.AlertRule {
  const view = rule && ruleView(rule)
  if (!view) throw new HaomaError('NOT_THERE')
  return view
}

/** `undefined` for a rule of a newer build. */
function ruleView({
  kind,
  channels,
  createdAtMs,
  updatedAtMs,
  settings,
  ...rule
}: AlertRule): schemas.AlertRule | undefined {
  if (!isKind(kind)) return undefined
  const { appids, components, ...numbers } = settings
  return {
    ...rule,
    kind,
    settings: {
      ...numbers,
      ...(appids && { appids: [...appids] }),
      ...(components && { components: components as ('quick' | 'realtime')[] }),
    },
    channelIds: [...channels],
    createdAt: iso(createdAtMs),
    updatedAt: iso(updatedAtMs),
  }
}
