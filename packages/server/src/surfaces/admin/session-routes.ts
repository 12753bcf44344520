import * as schemas from '@haoma/protocol/admin'
import type { Context } from 'hono'
import type { AdminLinks } from '../../admin/links.ts'
import type { OwnAccount } from '../../admin/own-account.ts'
import type { AdminPolicy } from '../../admin/policy.ts'
import type { AdminSessions } from '../../admin/sessions.ts'
import type { SignedIn, SignIn, SignInPlace } from '../../admin/sign-in.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminEnv, type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { clearSessionCookie, readDeviceCookie, writeCookies } from './cookies.ts'
import { sessionResponse } from './views.ts'

const tags = ['Admin: session']
const signedIn = jsonAnswer(schemas.adminSessionResponse, 'Signed in; the session is a cookie.')

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/session',
  operationId: 'adminGetSession',
  tags,
  summary: '当前登录的管理员 · Who is signed in',
  least: 'viewer',
  forPeople: true,
  audits: null,
  responses: {
    200: jsonAnswer(schemas.adminSessionResponse, 'The administrator, and the token for changes.'),
  },
})

const signInRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/session',
  operationId: 'adminSignIn',
  tags,
  summary: '登录控制台 · Sign in to the console',
  description:
    '连续失败会按用户名和地址暂时锁定；用户名是否存在看不出区别。在登录成功过的浏览器上单独计数。\n\n' +
    'Failures lock the name and the address for a while, alike for names that nobody has. A browser on which the ' +
    'administrator signed in before has a count of its own.',
  least: 'anybody',
  audits: ['admin.sign-in', 'admin.sign-in-failed'],
  errors: ['ADMIN_LOGIN_FAILED', 'ADMIN_TOTP_REQUIRED', 'ADMIN_LOCKED'],
  request: { body: jsonBody(schemas.adminSignInRequest, { username: 'li', password: '…', totp: '123456' }) },
  responses: { 200: signedIn },
})

const signOutRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/session',
  operationId: 'adminSignOut',
  tags,
  summary: '退出登录 · Sign out',
  least: 'viewer',
  forPeople: true,
  audits: 'admin.end-session',
  responses: { 204: { description: 'The session has ended.' } },
})

const readLinkRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/links/read',
  operationId: 'adminReadLink',
  tags,
  summary: '一次性链接是做什么的 · What a one-time link is for',
  least: 'anybody',
  audits: null,
  errors: ['LINK_INVALID'],
  request: { body: jsonBody(schemas.linkRequest, { token: '…'.repeat(16) }) },
  responses: { 200: jsonAnswer(schemas.linkResponse, 'What it asks for; it is not used up.') },
})

const claimLinkRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/links/claim',
  operationId: 'adminClaimLink',
  tags,
  summary: '使用一次性链接并登录 · Use a one-time link, and sign in',
  least: 'anybody',
  audits: 'admin-link.use',
  errors: ['LINK_INVALID', 'NAME_TAKEN'],
  request: {
    body: jsonBody(schemas.claimLinkRequest, {
      token: '…'.repeat(16),
      username: 'li',
      password: '…'.repeat(10),
    }),
  },
  responses: { 200: signedIn },
})

export interface SessionRoutesParts {
  signIn: SignIn
  links: AdminLinks
  ownAccount: OwnAccount
  sessions: AdminSessions
  policy: AdminPolicy
}

export function createSessionRoutes({
  signIn,
  links,
  ownAccount,
  sessions,
  policy,
}: SessionRoutesParts): AdminRouter {
  const enter = (c: Context<AdminEnv>, entered: SignedIn) => {
    writeCookies(c, entered, policy.sessionLifeS)
    return sessionResponse(entered, policy)
  }
  return createAdminRouter()
    .openapi(getRoute, async (c) => {
      const found = await sessions.find(c.get('shown').cookie ?? '')
      if (!found) throw new HaomaError('ADMIN_REQUIRED')
      return c.json(sessionResponse(found, policy), 200)
    })
    .openapi(signInRoute, async (c) => {
      return c.json(enter(c, await signIn.byPassword(c.req.valid('json'), placeOf(c))), 200)
    })
    .openapi(signOutRoute, async (c) => {
      const self = selfOf(c)
      await ownAccount.endSession(self, self.sessionId)
      clearSessionCookie(c)
      return c.body(null, 204)
    })
    .openapi(readLinkRoute, async (c) => c.json(await links.read(c.req.valid('json').token), 200))
    .openapi(claimLinkRoute, async (c) => {
      return c.json(enter(c, await links.claim(c.req.valid('json'), placeOf(c))), 200)
    }) as AdminRouter
}

function placeOf(c: Context<AdminEnv>): SignInPlace {
  const { ip, requestId } = c.get('shown')
  return {
    ip: ip ?? null,
    userAgent: c.req.header('user-agent') ?? null,
    requestId,
    device: readDeviceCookie(c),
  }
}

/** Who is at their own account; only behind routes that are for people. */
export function selfOf(c: Context<AdminEnv>) {
  const { adminId, session, actor } = c.get('caller')
  if (adminId === null || session === null) throw new HaomaError('ADMIN_FORBIDDEN')
  return { adminId, sessionId: session.id, actor }
}
