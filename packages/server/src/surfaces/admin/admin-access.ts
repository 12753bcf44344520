import type { ErrorCode } from '@haoma/protocol'
import { createRoute, type OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Caller, Shown } from '../../admin/admission.ts'
import { reaches } from '../../admin/roles.ts'
import { bodyErrors, commonErrors, problemAnswers } from '../../http/openapi.ts'
import { type AppEnv, createRouter } from '../../http/router.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { AdminRole } from '../../stores/admin-store.ts'

/** What routes of administrators find in their context. */
export interface AdminEnv {
  Bindings: AppEnv['Bindings']
  Variables: AppEnv['Variables'] & {
    /** Who calls. Not there on routes that anybody may call. */
    caller: Caller
    /** Says who calls; put there by the surface, asked by the routes. */
    identify(): Promise<Caller>
    /** What the request shows of who sends it. */
    shown: Shown
  }
}

export type AdminRouter = OpenAPIHono<AdminEnv>

/** The least role that a call needs; `anybody` for what comes before signing in. */
export type LeastRole = AdminRole | 'anybody'

/** A call of the administrators' surface. */
export interface AdminRouteConfig extends Omit<RouteConfig, 'security' | 'middleware'> {
  operationId: string
  /** Under `/admin/v1`, with parameters in braces. */
  path: `/admin/v1/${string}`
  /** The least role. The router enforces it, the OpenAPI document says it. */
  least: LeastRole
  /** Whether it is for people alone, who have an account; API keys have none. Default is no; owners are people. */
  forPeople?: boolean
  /** The actions of the lines that the call writes into the audit; `null` for one that changes and reveals nothing. */
  audits: string | readonly string[] | null
  /** What it may answer beside what every call of its kind may. */
  errors?: readonly ErrorCode[]
}

/** The same as the router takes it. */
export type AdminRoute<R extends AdminRouteConfig> = Omit<R, 'least' | 'audits' | 'errors' | 'forPeople'> & {
  middleware: MiddlewareHandler<AdminEnv>
}

/**
 * Describes a call of administrators: who may call it, what it writes into the audit, and how it can fail.
 *
 * @example
 * const listRoute = adminRoute({
 *   method: 'get', path: '/admin/v1/clients', operationId: 'adminListClients', tags: ['Admin: clients'],
 *   summary: '列出后端 · List back ends', least: 'viewer', audits: null,
 *   responses: { 200: jsonAnswer(admin.clientsResponse, 'All of them.') },
 * })
 * createAdminRouter().openapi(listRoute, async (c) => c.json({ clients: await clients.list() }, 200))
 */
export function adminRoute<R extends AdminRouteConfig>({
  least,
  forPeople = least === 'owner',
  audits,
  errors = [],
  ...route
}: R): AdminRoute<R> {
  const takesBody = route.request?.body !== undefined
  const takesInput = takesBody || route.request !== undefined
  const problems = problemAnswers(
    ...new Set<ErrorCode>([
      ...(takesBody ? bodyErrors : []),
      ...(takesInput ? (['BAD_REQUEST'] as const) : []),
      ...(least === 'anybody' ? [] : (['ADMIN_REQUIRED', 'ADMIN_FORBIDDEN'] as const)),
      ...(least === 'anybody' || isSafe(route.method) ? [] : (['CSRF_FAILED'] as const)),
      'IP_NOT_ALLOWED',
      ...errors,
      ...commonErrors,
    ]),
  )
  return createRoute({
    ...route,
    security: securityOf(least, forPeople),
    'x-haoma-least-role': least,
    'x-haoma-audits': audits === null ? [] : [audits].flat(),
    // The declared answers win over the general ones of their status.
    responses: { ...problems, ...route.responses },
    middleware: requireRole(least, forPeople),
  } as RouteConfig) as unknown as AdminRoute<R>
}

/** A router for the calls of one domain; the surface says who calls. */
export function createAdminRouter(): AdminRouter {
  return createRouter<AdminEnv>()
}

/** The schemes that calls of administrators name, with the least role in brackets. */
export const adminSecuritySchemes = {
  adminSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'haoma-admin',
    description:
      '控制台会话（HTTPS 下名为 __Host-haoma-admin）；除 GET 外还要带 X-Haoma-CSRF。方括号里是所需的最低角色。\n\n' +
      'Session of the console, called `__Host-haoma-admin` over HTTPS; all but GET need `X-Haoma-CSRF` too. In ' +
      'brackets: the least role.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'hk_…',
    description: 'API 密钥，权限不超过 operator。\n\nAn API key, of the role operator at most.',
  },
} as const

function securityOf(least: LeastRole, forPeople: boolean): Record<string, string[]>[] {
  if (least === 'anybody') return []
  const session = { adminSession: [least] }
  return forPeople ? [session] : [session, { apiKey: [least] }]
}

function requireRole(least: LeastRole, forPeople: boolean): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    if (least !== 'anybody') {
      const caller = await c.get('identify')()
      if (!reaches(caller.role, least) || (forPeople && caller.session === null))
        throw new HaomaError('ADMIN_FORBIDDEN')
      c.set('caller', caller)
    }
    await next()
  }
}

export function isSafe(method: string): boolean {
  return /^(get|head)$/i.test(method)
}
