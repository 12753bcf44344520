import {
  accessLog,
  answerProblem,
  bodyLimits,
  crossOrigin,
  jsonBodies,
  noStore,
  requestIds,
  securityHeaders,
} from '../http/middleware.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import type { MemberService } from '../members/service.ts'
import type { HealthService } from '../operations/health.ts'
import type { SessionService } from '../sessions/service.ts'
import type { SigningKeys } from '../sessions/signing-keys.ts'
import type { Database } from '../stores/database.ts'
import type { PhoneService } from '../ways/wechat/bind-phone.ts'
import type { LoginService } from '../ways/wechat/login.ts'
import { createDocsRoutes } from './operations/docs-routes.ts'
import { createHealthRoutes } from './operations/health-routes.ts'
import { createLoginRoutes } from './public/login-routes.ts'
import { createMemberRoutes } from './public/member-routes.ts'
import { createPhoneRoutes } from './public/phone-routes.ts'
import { createSessionRoutes } from './public/session-routes.ts'

export interface AppParts {
  db: Database
  login: LoginService
  phones: PhoneService
  members: MemberService
  sessions: SessionService
  keys: SigningKeys
  health: HealthService
  logger: Logger
  clock: Clock
  newId: (nowMs: number) => string
  corsOrigins: readonly string[]
  version: string
}

/** Puts routes and middleware together. Knows no implementation of anything. */
export function createApp(parts: AppParts): Router {
  const app = createRouter()
  app.onError(answerProblem)
  app.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })

  app.use(requestIds(parts), accessLog(parts.clock), securityHeaders)
  if (parts.corsOrigins.length > 0) app.use(crossOrigin(parts.corsOrigins))
  app.use('/v1/*', noStore, jsonBodies, bodyLimits())

  app.route('/', createLoginRoutes(parts.login))
  app.route('/', createPhoneRoutes(parts))
  app.route('/', createSessionRoutes(parts))
  app.route('/', createMemberRoutes(parts))
  app.route('/', createHealthRoutes(parts.health))
  app.route('/', createDocsRoutes())

  app.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  })
  let document: ReturnType<Router['getOpenAPI31Document']> | undefined
  app.get('/openapi.json', (c) => {
    document ??= app.getOpenAPI31Document(openApiHead(parts.version))
    return c.json(document)
  })
  return app
}

function openApiHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Haoma',
      version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        '微信小程序手机号登录。错误是 RFC 9457 文档，客户端按 `action` 处理。\n\n' +
        'Phone-number login for WeChat Mini Programs. Errors are problem documents (RFC 9457); `action` says ' +
        'what a client does about one.',
    },
  }
}
