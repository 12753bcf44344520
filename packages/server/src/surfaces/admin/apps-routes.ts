import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { ApiSecurityKeys } from '../../apps/api-security-keys.ts'
import { apiSecurityOf } from '../../apps/api-security-keys.ts'
import type { AppCalls } from '../../apps/app-calls.ts'
import type { Budgets } from '../../apps/budgets.ts'
import type { AppCheck } from '../../apps/check-app.ts'
import type { App } from '../../apps/directory.ts'
import { exampleCodes, jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Actor } from '../../stores/audit-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: apps']
const params = z.object({ appid: schemas.appView.shape.appid })

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/apps',
  operationId: 'adminListApps',
  tags,
  summary: '列出应用 · List apps',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.appsResponse, 'Those of the environment first.') },
})

const getRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/apps/{appid}',
  operationId: 'adminGetApp',
  tags,
  summary: '一个应用 · One app',
  least: 'viewer',
  audits: null,
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.appView, 'The app.') },
})

const addRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/apps',
  operationId: 'adminAddApp',
  tags,
  summary: '添加应用，立即向微信检查 · Add an app, and check it at WeChat at once',
  description:
    '应用立即可用，无需重启。检查结果只作提示：即使检查未通过，应用也已添加。\n\n' +
    'The app works at once, without a restart. The check is for information: the app is added whatever it says.',
  least: 'operator',
  audits: 'app.add',
  errors: ['NAME_TAKEN'],
  request: { body: jsonBody(schemas.addAppRequest, { appid: exampleCodes.appid, name: '商城' }) },
  responses: { 201: jsonAnswer(schemas.appWithCheckResponse, 'Added.') },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/apps/{appid}',
  operationId: 'adminChangeApp',
  tags,
  summary: '修改或停用应用，5 秒内处处生效 · Change an app or switch it off, everywhere within 5 seconds',
  description:
    '停用后无人能再登录，已有会话不受影响。\n\n' +
    'Nobody comes in by an app that is off; sessions that are open go on.',
  least: 'operator',
  audits: 'app.change',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params, body: jsonBody(schemas.changeAppRequest, { name: '商城' }) },
  responses: { 200: jsonAnswer(schemas.appWithCheckResponse, 'Changed; checked when a secret changed.') },
})

const checkRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/apps/{appid}/check',
  operationId: 'adminCheckApp',
  tags,
  summary:
    '检查密钥、IP 白名单、权限、时钟与余量 · Check secret, address list, permission, clock and balance',
  description: '不收费，也不会替换 access_token。\n\nCosts nothing and replaces no access token.',
  least: 'operator',
  audits: null,
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params },
  responses: { 200: jsonAnswer(schemas.appCheckResponse, 'What WeChat says.') },
})

export interface AppsRoutesParts {
  /** Apps, changed in the name of an actor. */
  appsOf(actor: Actor): AppCalls
  budgets: Budgets
}

export function createAppsRoutes({ appsOf, budgets }: AppsRoutesParts): AdminRouter {
  const viewOf = (app: App): schemas.AppView => ({
    appid: app.appid,
    kind: app.kind,
    name: app.name,
    source: app.source,
    hasSecret: app.secretFrom !== null,
    secretFrom: app.secretFrom,
    hasApiSecurity: app.hasApiSecurity,
    isEnabled: app.isEnabled,
    settings: { ...app.policy, countries: app.policy.countries && [...app.policy.countries] },
    budgetUse: budgets.use(app.appid),
    createdAt: isoOrNull(app.createdAtMs),
    updatedAt: isoOrNull(app.updatedAtMs),
  })
  /** An app that was just stored is shown whatever becomes of the check. */
  const checked = async (calls: AppCalls, { appid, kind, isEnabled }: App) =>
    kind === 'mp-weixin' && isEnabled ? checkView(await calls.check(appid)) : null

  return createAdminRouter()
    .openapi(listRoute, async (c) => c.json({ apps: appsOf(c.get('caller').actor).list().map(viewOf) }, 200))
    .openapi(getRoute, async (c) => {
      const { appid } = c.req.valid('param')
      const app = appsOf(c.get('caller').actor)
        .list()
        .find((one) => one.appid === appid)
      if (!app) throw new HaomaError('NOT_THERE')
      return c.json(viewOf(app), 200)
    })
    .openapi(addRoute, async (c) => {
      const calls = appsOf(c.get('caller').actor)
      const { apiSecurity, ...app } = c.req.valid('json')
      const added = await calls.add({ ...app, apiSecurity: apiSecurity && apiSecurityOf(apiSecurity) })
      return c.json({ app: viewOf(added), check: await checked(calls, added) }, 201)
    })
    .openapi(changeRoute, async (c) => {
      const calls = appsOf(c.get('caller').actor)
      const { apiSecurity, ...edit } = c.req.valid('json')
      const keys: ApiSecurityKeys | null | undefined = apiSecurity
      const changed = await calls.change(c.req.valid('param').appid, {
        ...edit,
        apiSecurity: keys && apiSecurityOf(keys),
      })
      if (!changed) throw new HaomaError('NOT_THERE')
      const isSecret = edit.appSecret !== undefined || apiSecurity !== undefined
      return c.json({ app: viewOf(changed), check: isSecret ? await checked(calls, changed) : null }, 200)
    })
    .openapi(checkRoute, async (c) => {
      const check = await appsOf(c.get('caller').actor).check(c.req.valid('param').appid)
      if (!check) throw new HaomaError('NOT_THERE')
      return c.json(checkView(check), 200)
    }) as AdminRouter
}

function checkView(check: AppCheck): schemas.AppCheckResponse
function checkView(check: AppCheck | undefined): schemas.AppCheckResponse | null
function checkView(check: AppCheck | undefined): schemas.AppCheckResponse | null {
  return check ? { appid: check.appid, at: iso(check.atMs), isOk: check.isOk, items: check.items } : null
}
