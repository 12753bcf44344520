import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { Deed, MemberDesk } from '../../admin/member-desk.ts'
import type { MemberLook } from '../../admin/member-look.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { readPlace, writePlace } from '../../http/page-cursor.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const tags = ['Admin: members']
const params = z.object({ id: z.string().max(64) })
const reason = jsonBody(schemas.reasonRequest, { reason: '客服工单 · ticket 1024' })
const done = { 204: { description: 'Done, and audited.' } }
const DEFAULT_LIMIT = 50

const searchRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/members/search',
  operationId: 'adminSearchMembers',
  tags,
  summary: '查找会员 · Find members',
  description:
    '按 id、openid、unionid、打码号码或完整号码查找；号码只在请求体里。应答里的号码都是打码的。\n\n' +
    'By id, openid, unionid, masked or full number, which stands in the body alone. Numbers in the answer are masked.',
  least: 'viewer',
  audits: null,
  errors: ['CURSOR_INVALID'],
  request: { body: jsonBody(schemas.memberSearchRequest, { masked: '138****8000' }) },
  responses: { 200: jsonAnswer(schemas.adminMembersPage, 'Newest first.') },
})

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/members/{id}',
  operationId: 'adminGetMember',
  tags,
  summary: '一个会员 · One member',
  least: 'viewer',
  audits: null,
  errors: ['MEMBER_NOT_FOUND'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.memberDetail, 'Everything but the number.') },
})

/** Calls that do one thing to one member, for a reason. */
const deed = <Name extends string>(
  name: Name,
  what: { summary: string; audits: string; least?: 'operator' | 'owner' },
) =>
  adminRoute({
    method: 'post',
    path: `/admin/v1/members/{id}/${name}` as const,
    operationId: `adminMember_${name}`,
    tags,
    summary: what.summary,
    least: what.least ?? 'operator',
    audits: what.audits,
    errors: ['MEMBER_NOT_FOUND'],
    request: { params, body: reason },
    responses: done,
  })

const unbindRoute = deed('unbind', { summary: '解绑号码 · Unbind the number', audits: 'member.unbind' })
const banRoute = deed('ban', { summary: '封禁 · Ban', audits: 'member.ban' })
const unbanRoute = deed('unban', { summary: '解除封禁 · Lift the ban', audits: 'member.unban' })
const eraseRoute = deed('erase', {
  summary: '永久删除个人信息 · Erase for good',
  audits: 'member.erase',
  least: 'owner',
})

const revealRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/members/{id}/reveal',
  operationId: 'adminRevealNumber',
  tags,
  summary: '查看完整号码 · Show the full number',
  least: 'operator',
  audits: 'number.read',
  errors: ['MEMBER_NOT_FOUND', 'NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params, body: reason },
  responses: { 200: jsonAnswer(schemas.revealResponse, 'The number; the reason was audited before.') },
})

const exportRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/members/{id}/export',
  operationId: 'adminExportMember',
  tags,
  summary: '导出会员的全部信息 · Everything that is stored about a member',
  least: 'operator',
  audits: ['member.export', 'number.read'],
  errors: ['MEMBER_NOT_FOUND'],
  request: { params, body: reason },
  responses: { 200: { description: 'JSON, with full numbers, to be handed to the member.' } },
})

const endSessionsRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/members/{id}/sessions',
  operationId: 'adminEndMemberSessions',
  tags,
  summary: '让会员在所有设备退出 · Sign a member out everywhere',
  least: 'operator',
  audits: 'member.end-sessions',
  errors: ['MEMBER_NOT_FOUND'],
  request: { params },
  responses: done,
})

const endSessionRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/members/{id}/sessions/{sessionId}',
  operationId: 'adminEndMemberSession',
  tags,
  summary: '让会员在一台设备退出 · Sign a member out on one device',
  least: 'operator',
  audits: 'member.end-sessions',
  errors: ['MEMBER_NOT_FOUND', 'NOT_THERE'],
  request: { params: params.extend({ sessionId: z.string().max(64) }) },
  responses: done,
})

export interface MemberRoutesParts {
  look: MemberLook
  desk: MemberDesk
}

export function createMemberRoutes({ look, desk }: MemberRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(searchRoute, async (c) => {
      const { cursor, limit = DEFAULT_LIMIT, ...query } = c.req.valid('json')
      const place = readPlace(cursor)
      const after = place && { id: place.id, createdAtMs: place.atMs }
      const { members, next } = await look.search(query, { after, limit })
      const nextCursor = next ? writePlace({ id: next.id, atMs: next.createdAtMs }) : null
      return c.json({ items: members, nextCursor }, 200)
    })
    .openapi(getRoute, async (c) => c.json(await look.get(c.req.valid('param').id), 200))
    .openapi(unbindRoute, async (c) => {
      await desk.unbind(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      return c.body(null, 204)
    })
    .openapi(banRoute, async (c) => {
      await desk.ban(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      return c.body(null, 204)
    })
    .openapi(unbanRoute, async (c) => {
      await desk.unban(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      return c.body(null, 204)
    })
    .openapi(eraseRoute, async (c) => {
      await desk.erase(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      return c.body(null, 204)
    })
    .openapi(revealRoute, async (c) => {
      const number = await desk.reveal(c.req.valid('param').id, deedOf(c.get('caller'), c.req.valid('json')))
      const { e164, nationalNumber, countryCallingCode } = number
      return c.json({ e164, nationalNumber, countryCallingCode: countryCallingCode ?? '' }, 200)
    })
    .openapi(exportRoute, async (c) => {
      const { id } = c.req.valid('param')
      const exported = await desk.export(id, deedOf(c.get('caller'), c.req.valid('json')))
      c.header('content-disposition', `attachment; filename="member-${exported.member.id}.json"`)
      return c.json(exported)
    })
    .openapi(endSessionsRoute, async (c) => {
      await desk.endSessions(c.req.valid('param').id, { actor: c.get('caller').actor })
      return c.body(null, 204)
    })
    .openapi(endSessionRoute, async (c) => {
      const { id, sessionId } = c.req.valid('param')
      await desk.endSessions(id, { actor: c.get('caller').actor, sessionId })
      return c.body(null, 204)
    }) as AdminRouter
}

export function deedOf({ actor }: Pick<Deed, 'actor'>, body: { reason: string }): Deed {
  return { actor, reason: body.reason }
}
