import type { MiddlewareHandler } from 'hono'
import type { LimitName } from '../guards/policies.ts'
import type { Admission } from '../tokens/admission.ts'
import type { KnownClient } from '../tokens/client-directory.ts'
import type { ClientScope } from '../tokens/scopes.ts'
import type { AppEnv } from './router.ts'

/**
 * Who may call a route, as the OpenAPI document says it and as the router enforces it: each route names one of these
 * in its `security`, and its middleware reads it from there.
 */
export const access = {
  anybody: [] as Record<string, string[]>[],
  session: [{ accessToken: [] as string[] }],
  /** A session is taken into account where one is shown. */
  anybodyOrSession: [{}, { accessToken: [] }] as Record<string, string[]>[],
  client: <Scope extends ClientScope>(scope: Scope) => [{ client: [scope] as [Scope] }],
  /** A client that shows its secret where WeChat's own form has the AppSecret. */
  clientInPlaceOfApp: <Scope extends ClientScope>(scope: Scope) => [
    { clientAsAppSecret: [scope] as [Scope] },
  ],
}

/** The schemes that {@link access} names. */
export const securitySchemes = {
  accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  client: {
    type: 'http',
    scheme: 'basic',
    description:
      '后端凭证：`haoma client create` 给出的 clientId 与 clientSecret。方括号里是所需的 scope。\n\n' +
      'Client id and secret of a back end, from `haoma client create`. The role is the scope that the call needs.',
  },
  clientAsAppSecret: {
    type: 'apiKey',
    in: 'query',
    name: 'secret',
    description:
      '按微信的写法，clientSecret 放在 AppSecret 的位置。\n\n' +
      "The client's secret stands where WeChat's form has the AppSecret.",
  },
} as const

/** What a route of back ends counts under. */
const limitOf = {
  exchange: 'exchange.client',
  'member:read': 'members.client',
  'phone:read': 'members.client',
  introspect: 'members.client',
  token: 'token.client',
  gateway: 'gateway.client',
} as const satisfies Record<ClientScope, LimitName>

export type ClientEnv = {
  Bindings: AppEnv['Bindings']
  Variables: AppEnv['Variables'] & { client: KnownClient }
}

/** Makes the way in of one route of back ends from the scope that its `security` names. */
export type RequireClient = (route: {
  security: ReturnType<typeof access.client>
}) => MiddlewareHandler<ClientEnv>

export function createRequireClient(admission: Admission): RequireClient {
  return ({ security }) => {
    const [
      {
        client: [scope],
      },
    ] = security as [{ client: [ClientScope] }]
    const limit = limitOf[scope]
    return async (c, next) => {
      const ip = c.get('clientIp')
      c.set('client', await admission.byHeader(c.req.header('authorization'), { scope, limit, ip }))
      await next()
    }
  }
}
