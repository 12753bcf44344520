import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { OpenFilter, SavedFilters } from '../../admin/saved-filters.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { selfOf } from './session-routes.ts'
import { iso } from './views.ts'

const own = { tags: ['Admin: filters'], least: 'viewer' as const, forPeople: true, audits: null }
const params = z.object({ id: z.string().max(64) })

const listRoute = adminRoute({
  ...own,
  method: 'get',
  path: '/admin/v1/filters',
  operationId: 'adminListFilters',
  summary: '保存的筛选 · Saved filters',
  request: { query: schemas.savedFiltersQuery },
  responses: { 200: jsonAnswer(schemas.savedFiltersResponse, 'Those with a name.') },
})

const saveRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/filters',
  operationId: 'adminSaveFilter',
  summary: '保存筛选 · Save a filter',
  description:
    '筛选里可能有号码，所以密封保存，地址里只有它的 id，也只有保存的人能打开。\n\n' +
    'A filter may hold a number: it is sealed, an address holds its id alone, and only who saved it can open it.',
  request: {
    body: jsonBody(schemas.saveFilterRequest, { page: 'logins', filter: { outcome: 'PHONE_CODE_INVALID' } }),
  },
  responses: { 200: jsonAnswer(schemas.savedFilter, 'The filter, with its id.') },
})

const getRoute = adminRoute({
  ...own,
  method: 'get',
  path: '/admin/v1/filters/{id}',
  operationId: 'adminGetFilter',
  summary: '打开筛选 · Open a filter',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.savedFilter, 'The filter.') },
})

const removeRoute = adminRoute({
  ...own,
  method: 'delete',
  path: '/admin/v1/filters/{id}',
  operationId: 'adminRemoveFilter',
  summary: '删除筛选 · Remove a filter',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'It is gone.' } },
})

export function createFilterRoutes({ filters }: { filters: SavedFilters }): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const found = await filters.list(selfOf(c).adminId, c.req.valid('query').page)
      return c.json({ filters: found.map(filterView) }, 200)
    })
    .openapi(saveRoute, async (c) => {
      return c.json(filterView(await filters.save(selfOf(c).adminId, c.req.valid('json'))), 200)
    })
    .openapi(getRoute, async (c) => {
      const found = await filters.find(selfOf(c).adminId, c.req.valid('param').id)
      if (!found) throw new HaomaError('NOT_THERE')
      return c.json(filterView(found), 200)
    })
    .openapi(removeRoute, async (c) => {
      const isGone = await filters.remove(selfOf(c).adminId, c.req.valid('param').id)
      if (!isGone) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    }) as AdminRouter
}

const filterView = ({ createdAtMs, ...filter }: OpenFilter) => ({ ...filter, createdAt: iso(createdAtMs) })
