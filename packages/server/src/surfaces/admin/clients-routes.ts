import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Actor } from '../../stores/audit-store.ts'
import type { ClientRegistry, ClientView } from '../../tokens/clients.ts'
import type { ClientScope } from '../../tokens/scopes.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { badRequest, iso, isoOrNull } from './views.ts'

const tags = ['Admin: clients']
const params = z.object({ id: z.string().max(64) })

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/clients',
  operationId: 'adminListClients',
  tags,
  summary: '列出后端客户端 · List back ends',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.clientsResponse, 'Newest first, revoked ones too.') },
})

const createRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/clients',
  operationId: 'adminCreateClient',
  tags,
  summary: '新建后端客户端，密钥只显示这一次 · Make a back end; its secret is shown once',
  least: 'operator',
  audits: 'client.create',
  request: { body: jsonBody(schemas.createClientRequest, { name: '商城', scopes: ['exchange'] }) },
  responses: { 201: jsonAnswer(schemas.clientCredentials, 'Shown once.') },
})

const changeRoute = adminRoute({
  method: 'patch',
  path: '/admin/v1/clients/{id}',
  operationId: 'adminChangeClient',
  tags,
  summary: '修改权限、应用、IP、限额或网关路径 · Change scopes, apps, addresses, limits or gateway paths',
  description: '5 秒内在所有进程生效。\n\nIn every process within 5 seconds.',
  least: 'operator',
  audits: 'client.change',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.changeClientRequest, { limits: { perMinute: 600 } }) },
  responses: { 200: jsonAnswer(schemas.clientView, 'As it is now.') },
})

const rotateRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/clients/{id}/rotate',
  operationId: 'adminRotateClient',
  tags,
  summary: '换新密钥，旧密钥再用一段时间 · Give a new secret; the former one works for a while',
  least: 'operator',
  audits: 'client.rotate',
  errors: ['NOT_THERE'],
  request: { params, body: jsonBody(schemas.rotateClientRequest, {}) },
  responses: { 200: jsonAnswer(schemas.clientCredentials, 'Shown once.') },
})

const revokeRoute = adminRoute({
  method: 'delete',
  path: '/admin/v1/clients/{id}',
  operationId: 'adminRevokeClient',
  tags,
  summary: '吊销，5 秒内处处失效 · Revoke, everywhere within 5 seconds',
  least: 'operator',
  audits: 'client.revoke',
  errors: ['NOT_THERE'],
  request: { params },
  responses: { 204: { description: 'Revoked.' } },
})

export interface ClientsRoutesParts {
  /** Back ends, changed in the name of an actor. */
  clientsOf(actor: Actor): ClientRegistry
}

export function createClientsRoutes({ clientsOf }: ClientsRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const clients = await clientsOf(c.get('caller').actor).list()
      return c.json({ clients: clients.map(viewOf) }, 200)
    })
    .openapi(createRoute, async (c) => {
      const clients = clientsOf(c.get('caller').actor)
      return c.json(await badRequest(() => clients.create(c.req.valid('json'))), 201)
    })
    .openapi(changeRoute, async (c) => {
      const { id } = c.req.valid('param')
      const clients = clientsOf(c.get('caller').actor)
      const isDone = await badRequest(() => clients.change(id, c.req.valid('json')))
      const client = isDone ? (await clients.list()).find((one) => one.id === id) : undefined
      if (!client) throw new HaomaError('NOT_THERE')
      return c.json(viewOf(client), 200)
    })
    .openapi(rotateRoute, async (c) => {
      const { id } = c.req.valid('param')
      const credentials = await clientsOf(c.get('caller').actor).rotate(id, c.req.valid('json'))
      if (!credentials) throw new HaomaError('NOT_THERE')
      return c.json(credentials, 200)
    })
    .openapi(revokeRoute, async (c) => {
      const isDone = await clientsOf(c.get('caller').actor).revoke(c.req.valid('param').id)
      if (!isDone) throw new HaomaError('NOT_THERE')
      return c.body(null, 204)
    }) as AdminRouter
}

function viewOf({
  id,
  name,
  scopes,
  appids,
  ips,
  limits,
  gatewayPaths,
  tokenMarginS,
  ...client
}: ClientView) {
  return {
    id,
    name,
    scopes: [...scopes] as ClientScope[],
    appids: appids && [...appids],
    ips: ips && [...ips],
    limits,
    gatewayPaths: [...gatewayPaths],
    tokenMarginS,
    secrets: client.secrets.map((secret) => ({
      hint: secret.hint,
      createdAt: iso(secret.createdAtMs),
      expiresAt: isoOrNull(secret.expiresAtMs),
      revokedAt: isoOrNull(secret.revokedAtMs),
    })),
    createdAt: iso(client.createdAtMs),
    seenAt: isoOrNull(client.seenAtMs),
    revokedAt: isoOrNull(client.revokedAtMs),
  }
}
