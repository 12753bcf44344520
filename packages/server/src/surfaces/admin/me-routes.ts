import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { OwnAccount } from '../../admin/own-account.ts'
import type { AdminSessions } from '../../admin/sessions.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { AdminSession } from '../../stores/admin-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { selfOf } from './session-routes.ts'
import { iso } from './views.ts'

const own = { tags: ['Admin: own account'], least: 'viewer' as const, forPeople: true }
const wrongPassword = ['ADMIN_LOGIN_FAILED'] as const

const sessionsRoute = adminRoute({
  ...own,
  method: 'get',
  path: '/admin/v1/me/sessions',
  operationId: 'adminListOwnSessions',
  summary: '自己的登录会话 · One’s own sessions',
  audits: null,
  responses: { 200: jsonAnswer(schemas.adminSessionsResponse, 'Living sessions, newest first.') },
})

const endOthersRoute = adminRoute({
  ...own,
  method: 'delete',
  path: '/admin/v1/me/sessions',
  operationId: 'adminEndOtherSessions',
  summary: '退出其他所有会话 · Sign out everywhere else',
  audits: 'admin.end-sessions',
  responses: { 204: { description: 'Every session but this one has ended.' } },
})

const endRoute = adminRoute({
  ...own,
  method: 'delete',
  path: '/admin/v1/me/sessions/{id}',
  operationId: 'adminEndOwnSession',
  summary: '退出一个会话 · Sign out one session',
  audits: 'admin.end-session',
  errors: ['NOT_THERE'],
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: 'It has ended.' } },
})

const passwordRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/me/password',
  operationId: 'adminChangePassword',
  summary: '修改密码 · Change the password',
  audits: 'admin.change-password',
  errors: wrongPassword,
  request: { body: jsonBody(schemas.changePasswordRequest, { password: '…', newPassword: '…'.repeat(10) }) },
  responses: { 204: { description: 'Changed; every other session has ended.' } },
})

const beginTotpRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/me/totp',
  operationId: 'adminBeginTotp',
  summary: '开始设置动态验证码 · Begin with one-time codes',
  audits: 'admin.begin-totp',
  errors: ['NOT_POSSIBLE_NOW'],
  responses: {
    200: jsonAnswer(schemas.totpSetupResponse, 'For an authenticator app; confirm a code of it.'),
  },
})

const confirmTotpRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/me/totp/confirm',
  operationId: 'adminConfirmTotp',
  summary: '确认动态验证码 · Confirm one-time codes',
  audits: 'admin.set-totp',
  errors: [...wrongPassword, 'NOT_POSSIBLE_NOW'],
  request: { body: jsonBody(schemas.totpConfirmRequest, { code: '123456' }) },
  responses: { 200: jsonAnswer(schemas.recoveryCodesResponse, 'Codes are asked for from now on.') },
})

const removeTotpRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/me/totp/remove',
  operationId: 'adminRemoveTotp',
  summary: '关闭动态验证码 · Switch one-time codes off',
  audits: 'admin.remove-totp',
  errors: wrongPassword,
  request: { body: jsonBody(schemas.totpRemoveRequest, { password: '…' }) },
  responses: { 204: { description: 'Off; the recovery codes are void.' } },
})

const recoveryRoute = adminRoute({
  ...own,
  method: 'post',
  path: '/admin/v1/me/recovery-codes',
  operationId: 'adminRenewRecoveryCodes',
  summary: '重新生成恢复码 · New recovery codes',
  audits: 'admin.renew-recovery-codes',
  errors: [...wrongPassword, 'NOT_POSSIBLE_NOW'],
  request: { body: jsonBody(schemas.totpRemoveRequest, { password: '…' }) },
  responses: { 200: jsonAnswer(schemas.recoveryCodesResponse, 'The former ones are void.') },
})

export interface MeRoutesParts {
  ownAccount: OwnAccount
  sessions: AdminSessions
}

export function createMeRoutes({ ownAccount, sessions }: MeRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(sessionsRoute, async (c) => {
      const { adminId, sessionId } = selfOf(c)
      const living = await sessions.list(adminId)
      return c.json({ sessions: living.map((session) => sessionView(session, sessionId)) }, 200)
    })
    .openapi(endOthersRoute, async (c) => {
      await ownAccount.endOtherSessions(selfOf(c))
      return c.body(null, 204)
    })
    .openapi(endRoute, async (c) => {
      const isEnded = await ownAccount.endSession(selfOf(c), c.req.valid('param').id)
      if (!isEnded) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    })
    .openapi(passwordRoute, async (c) => {
      await ownAccount.changePassword(selfOf(c), c.req.valid('json'))
      return c.body(null, 204)
    })
    .openapi(beginTotpRoute, async (c) => c.json(await ownAccount.beginTotp(selfOf(c)), 200))
    .openapi(confirmTotpRoute, async (c) => {
      const recoveryCodes = await ownAccount.confirmTotp(selfOf(c), c.req.valid('json').code)
      return c.json({ recoveryCodes }, 200)
    })
    .openapi(removeTotpRoute, async (c) => {
      await ownAccount.removeTotp(selfOf(c), c.req.valid('json').password)
      return c.body(null, 204)
    })
    .openapi(recoveryRoute, async (c) => {
      const recoveryCodes = await ownAccount.renewRecoveryCodes(selfOf(c), c.req.valid('json').password)
      return c.json({ recoveryCodes }, 200)
    }) as AdminRouter
}

function sessionView(session: AdminSession, currentId: string) {
  const { id, ip, userAgent, createdAtMs, seenAtMs, expiresAtMs } = session
  return {
    id,
    isCurrent: id === currentId,
    ip,
    userAgent,
    createdAt: iso(createdAtMs),
    seenAt: iso(seenAtMs),
    endsAt: iso(expiresAtMs),
  }
}
