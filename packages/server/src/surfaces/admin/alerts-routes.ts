import * as schemas from '@haoma/protocol/admin'
import type { Alerts } from '../../alerts/alerts.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { createAlertChannelRoutes } from './alert-channels-routes.ts'
import { createAlertRuleRoutes } from './alert-rules-routes.ts'

const PAGE = 50

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/alerts',
  operationId: 'adminListAlerts',
  tags: ['Admin: alerts'],
  summary: '列出告警 · List alerts',
  least: 'viewer',
  audits: null,
  request: { query: schemas.alertsQuery },
  responses: { 200: jsonAnswer(schemas.alertsPage, 'The newest first.') },
})

/** What is wrong, which rules look for it, and who is told. */
export function createAlertsRoutes({ alerts }: { alerts: Alerts }): AdminRouter {
  const router = createAdminRouter().openapi(listRoute, async (c) => {
    const { state, cursor, limit = PAGE } = c.req.valid('query')
    const found = await alerts.page({ state, before: readCursor(cursor), limit: limit + 1 })
    const items = found.slice(0, limit)
    const last = found.length > limit ? items.at(-1)?.alert : undefined
    const nextCursor = last ? `${last.openedAtMs}.${last.id}` : null
    return c.json({ items: items.map(({ view }) => view), nextCursor }, 200)
  }) as AdminRouter
  router.route('/', createAlertRuleRoutes({ alerts }))
  router.route('/', createAlertChannelRoutes({ alerts }))
  return router
}

function readCursor(cursor: string | undefined): { openedAtMs: number; id: string } | undefined {
  if (cursor === undefined) return undefined
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? []
  if (at === undefined || id === undefined) {
    throw new HaomaError('BAD_REQUEST', {
      issues: [{ path: 'cursor', message: '不是 nextCursor / not a nextCursor' }],
    })
  }
  return { openedAtMs: Number(at), id }
}
