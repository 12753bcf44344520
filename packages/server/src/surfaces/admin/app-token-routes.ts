import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { AppTokens, TokenState } from '../../apps/app-tokens.ts'
import type { AppDirectory } from '../../apps/directory.ts'
import { exampleCodes, jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: apps']
const params = z.object({ appid: schemas.appView.shape.appid })

const stateRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/apps/{appid}/token',
  operationId: 'adminGetAppToken',
  tags,
  summary:
    'access_token 的状态与历史，从不含 token 本身 · State and history of the access token, never the token',
  least: 'viewer',
  audits: null,
  errors: ['NOT_THERE'],
  request: { params },
  responses: {
    200: jsonAnswer(schemas.appTokenResponse, 'As this process knows it; the history is of all.'),
  },
})

const forceRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/apps/{appid}/token/refresh',
  operationId: 'adminForceAppToken',
  tags,
  summary: '强制刷新 access_token · Refresh the access token by force',
  description:
    '仅用于 token 泄露等情况。平时更换 token，旧 token 还有 5 分钟重叠期；强制刷新则使旧 token 立即失效：经本服务取 token 的后端' +
    '会自动换新，其他自行缓存 token 的程序会收到 40001，直到重新获取。每天最多 20 次，间隔至少 30 秒。\n\n' +
    'For a leak and the like. When a token is replaced as usual, the old one lives five minutes more; by force it is dead ' +
    'at once: back ends that get their token here go on by themselves, programs that keep one of their own get 40001 ' +
    'until they fetch again. At most 20 times a day, 30 seconds apart.',
  least: 'owner',
  audits: 'app.token-force',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW', 'TOKEN_UNAVAILABLE'],
  request: {
    params,
    body: jsonBody(schemas.forceRefreshRequest, { confirmAppid: exampleCodes.appid, reason: 'leaked' }),
  },
  responses: { 200: jsonAnswer(schemas.appTokenResponse, 'The state with the new token.') },
})

export interface AppTokenRoutesParts {
  directory: AppDirectory
  tokens: AppTokens
}

export function createAppTokenRoutes({ directory, tokens }: AppTokenRoutesParts): AdminRouter {
  const requireMiniProgram = async (appid: string): Promise<void> => {
    const app = await directory.find(appid)
    if (app?.kind !== 'mp-weixin') throw new HaomaError('NOT_THERE')
  }
  return createAdminRouter()
    .openapi(stateRoute, async (c) => {
      const { appid } = c.req.valid('param')
      await requireMiniProgram(appid)
      return c.json(viewOf(await tokens.state(appid)), 200)
    })
    .openapi(forceRoute, async (c) => {
      const { appid } = c.req.valid('param')
      const { confirmAppid, reason } = c.req.valid('json')
      await requireMiniProgram(appid)
      if (confirmAppid !== appid) {
        throw new HaomaError('BAD_REQUEST', { issues: [{ path: 'confirmAppid', message: otherApp }] })
      }
      if (!directory.configOf(appid)) throw new HaomaError('NOT_POSSIBLE_NOW', { text: appIsOff })
      return c.json(viewOf(await tokens.force(appid, reason, c.get('caller').actor)), 200)
    }) as AdminRouter
}

const otherApp = '与要刷新的 appid 不一致 / is not the appid that is to be refreshed'
const appIsOff = { zh: '该应用已停用。', en: 'The app is off.' }

function viewOf(state: TokenState): schemas.AppTokenResponse {
  const { lastError } = state
  return {
    appid: state.appid,
    state: state.state,
    fetchedAt: isoOrNull(state.fetchedAtMs),
    expiresInS: state.expiresInS,
    refreshesInS: state.refreshesInS,
    lastError: lastError && {
      errcode: 'errcode' in lastError && typeof lastError.errcode === 'number' ? lastError.errcode : null,
      at: isoOrNull(state.lastErrorAtMs),
      text: { zh: lastError.texts.zh, en: lastError.texts.en },
    },
    forcedToday: state.forcedToday,
    forceAllowedInS: state.forceAllowedInS,
    history: state.history.map(({ atMs, kind, expiresInS, errcode, rid, actor }) => ({
      at: iso(atMs),
      event: kind,
      expiresInS,
      errcode,
      rid,
      actor,
    })),
  }
}
