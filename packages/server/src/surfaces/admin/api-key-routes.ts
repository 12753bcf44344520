import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { ApiKeys } from '../../admin/api-keys.ts'
import type { ApiKeyScope } from '../../admin/roles.ts'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { ApiKey } from '../../stores/api-key-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: API keys']

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/api-keys',
  operationId: 'adminListApiKeys',
  tags,
  summary: 'API 密钥列表 · All API keys',
  least: 'owner',
  audits: null,
  responses: { 200: jsonAnswer(schemas.apiKeysResponse, 'Newest first, revoked ones too.') },
})

const createKeyRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/api-keys',
  operationId: 'adminCreateApiKey',
  tags,
  summary: '新建 API 密钥 · Make an API key',
  least: 'owner',
  audits: 'api-key.create',
  request: { body: jsonBody(schemas.createApiKeyRequest, { name: 'Prometheus', scopes: ['metrics'] }) },
  responses: { 200: jsonAnswer(schemas.createApiKeyResponse, 'The secret is shown this once.') },
})

const revokeRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/api-keys/{id}',
  operationId: 'adminRevokeApiKey',
  tags,
  summary: '吊销 API 密钥 · Revoke an API key',
  least: 'owner',
  audits: 'api-key.revoke',
  errors: ['NOT_THERE'],
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: 'It works nowhere any more.' } },
})

export interface ApiKeyRoutesParts {
  apiKeys: ApiKeys
  clock: Clock
}

export function createApiKeyRoutes({ apiKeys, clock }: ApiKeyRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => c.json({ apiKeys: (await apiKeys.list()).map(apiKeyView) }, 200))
    .openapi(createKeyRoute, async (c) => {
      const { name, scopes, expiresInS } = c.req.valid('json')
      const expiresAtMs = expiresInS === undefined ? null : clock.now() + expiresInS * 1000
      const { apiKey, secret } = await apiKeys.create({ name, scopes, expiresAtMs }, c.get('caller').actor)
      return c.json({ apiKey: apiKeyView(apiKey), secret }, 200)
    })
    .openapi(revokeRoute, async (c) => {
      if (!(await apiKeys.revoke(c.req.valid('param').id, c.get('caller').actor))) {
        throw new HaomaError('NOT_THERE')
      }
      return c.body(null, 204)
    }) as AdminRouter
}

function apiKeyView({ id, name, hint, scopes, createdBy, ...apiKey }: ApiKey) {
  return {
    id,
    name,
    hint,
    scopes: scopes as ApiKeyScope[],
    createdBy,
    createdAt: iso(apiKey.createdAtMs),
    seenAt: isoOrNull(apiKey.seenAtMs),
    expiresAt: isoOrNull(apiKey.expiresAtMs),
    revokedAt: isoOrNull(apiKey.revokedAtMs),
  }
}
