import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { MemberMerges } from '../../admin/member-merges.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { deedOf } from './member-routes.ts'
import { iso } from './views.ts'

const tags = ['Admin: members']
const order = { fromMember: '0198f3b2-…', intoMember: '0198f3b3-…' }

const previewRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/merges/preview',
  operationId: 'adminPreviewMerge',
  tags,
  summary: '预览合并 · What a merge would do',
  least: 'viewer',
  audits: null,
  request: { body: jsonBody(schemas.mergePreviewRequest, order) },
  responses: { 200: jsonAnswer(schemas.mergePreviewResponse, 'What would move; nothing has.') },
})

const mergeRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/merges',
  operationId: 'adminMergeMembers',
  tags,
  summary: '合并两个会员 · Make one member part of another',
  least: 'operator',
  audits: 'member.merge',
  errors: ['NOT_POSSIBLE_NOW'],
  request: { body: jsonBody(schemas.adminMergeRequest, { ...order, reason: '同一个人 · the same person' }) },
  responses: { 200: jsonAnswer(schemas.adminMergeResponse, 'Merged; it can be undone for seven days.') },
})

const undoRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/merges/{id}/undo',
  operationId: 'adminUndoMerge',
  tags,
  summary: '撤销合并 · Take a merge back',
  least: 'operator',
  audits: 'member.unmerge',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: {
    params: z.object({ id: z.string().max(64) }),
    body: jsonBody(schemas.reasonRequest, { reason: '合并错了 · it was a mistake' }),
  },
  responses: { 204: { description: 'What was moved and is still there went back.' } },
})

export function createMergeRoutes({ merges }: { merges: MemberMerges }): AdminRouter {
  return createAdminRouter()
    .openapi(previewRoute, async (c) => c.json(await merges.preview(c.req.valid('json')), 200))
    .openapi(mergeRoute, async (c) => {
      const { reason, ...members } = c.req.valid('json')
      const merge = await merges.merge(members, deedOf(c.get('caller'), { reason }))
      return c.json({ mergeId: merge.id, undoUntil: iso(merge.undoUntilMs) }, 200)
    })
    .openapi(undoRoute, async (c) => {
      await merges.undo(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      return c.body(null, 204)
    }) as AdminRouter
}
