import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { Administrators } from '../../admin/administrators.ts'
import type { NewLink } from '../../admin/links.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { adminView } from './views.ts'

const tags = ['Admin: administrators']
const params = z.object({ id: z.string().max(64) })
const linkAnswer = jsonAnswer(schemas.inviteResponse, 'The link, shown this once.')

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/admins',
  operationId: 'adminListAdmins',
  tags,
  summary: '管理员列表 · All administrators',
  least: 'owner',
  audits: null,
  responses: { 200: jsonAnswer(schemas.adminsResponse, 'In the order of their names.') },
})

const inviteRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/admins/invite',
  operationId: 'adminInvite',
  tags,
  summary: '邀请管理员 · Invite an administrator',
  least: 'owner',
  audits: 'admin-link.create',
  request: { body: jsonBody(schemas.inviteRequest, { role: 'viewer' }) },
  responses: { 200: linkAnswer },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/admins/{id}',
  operationId: 'adminChangeAdmin',
  tags,
  summary: '更改角色，停用或启用 · Change the role, or switch an account off or on',
  least: 'owner',
  audits: 'admin.change',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params, body: jsonBody(schemas.changeAdminRequest, { role: 'operator' }) },
  responses: { 200: jsonAnswer(schemas.adminView, 'The administrator, from now on.') },
})

const resetRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/admins/{id}/reset',
  operationId: 'adminResetAdmin',
  tags,
  summary: '重置密码和动态验证码 · A new password, without the second factor',
  least: 'owner',
  audits: 'admin-link.create',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: linkAnswer },
})

const endSessionsRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/admins/{id}/sessions',
  operationId: 'adminEndSessionsOf',
  tags,
  summary: '让管理员在所有地方退出 · Sign an administrator out everywhere',
  least: 'owner',
  audits: 'admin.end-sessions',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Every session has ended.' } },
})

export function createAdminsRoutes({ administrators }: { administrators: Administrators }): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      return c.json({ admins: (await administrators.list()).map(adminView) }, 200)
    })
    .openapi(inviteRoute, async (c) => {
      const link = await administrators.invite(c.req.valid('json').role, c.get('caller').actor)
      return c.json(linkView(link), 200)
    })
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param')
      const changed = await administrators.change(id, c.req.valid('json'), c.get('caller').actor)
      return c.json(adminView(changed), 200)
    })
    .openapi(resetRoute, async (c) => {
      const link = await administrators.reset(c.req.valid('param').id, c.get('caller').actor)
      return c.json(linkView(link), 200)
    })
    .openapi(endSessionsRoute, async (c) => {
      await administrators.endSessions(c.req.valid('param').id, c.get('caller').actor)
      return c.body(null, 204)
    }) as AdminRouter
}

const linkView = ({ token, expiresInS }: NewLink) => ({ path: `/console/#/link/${token}`, expiresInS })
