import { every, except } from 'hono/combine'
import type { Limits } from '../../guards/limits.ts'
import { type RequireClient, securitySchemes } from '../../http/access.ts'
import { bodyLimits, jsonBodies } from '../../http/bodies.ts'
import { answerWithin } from '../../http/deadline.ts'
import { answerHeaders, crossOrigin, noStore } from '../../http/headers.ts'
import { observe } from '../../http/observe.ts'
import { plainTexts } from '../../http/plain-texts.ts'
import { answerProblem } from '../../http/problems.ts'
import { createRouter } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { Telemetry } from '../../ledger/telemetry.ts'
import type { MemberService } from '../../members/service.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { SigningKeys } from '../../sessions/signing-keys.ts'
import type { Database } from '../../stores/database.ts'
import type { CentralTokens } from '../../tokens/central-tokens.ts'
import type { BackEndExchange } from '../../ways/back-end/exchange.ts'
import type { Introspect } from '../../ways/back-end/introspect.ts'
import type { BackEndMembers } from '../../ways/back-end/members.ts'
import type { JoinService } from '../../ways/join-members.ts'
import type { PhoneService } from '../../ways/wechat/bind-phone.ts'
import type { LoginService } from '../../ways/wechat/login.ts'
import type { Surface } from '../surface.ts'
import { createAccessTokenRoutes } from './access-token-routes.ts'
import { createBackEndMemberRoutes } from './back-end-member-routes.ts'
import { createEventRoutes } from './event-routes.ts'
import { createExchangeRoutes } from './exchange-routes.ts'
import { createIdentityRoutes } from './identity-routes.ts'
import { createIntrospectRoutes } from './introspect-routes.ts'
import { createJwksRoutes } from './jwks-routes.ts'
import { createLoginRoutes } from './login-routes.ts'
import { createMemberRoutes } from './member-routes.ts'
import { createPhoneRoutes } from './phone-routes.ts'
import { createRequireSession, type RequireSession } from './require-session.ts'
import { guardRoutes, limitBySession } from './route-limits.ts'
import { createSessionRoutes } from './session-routes.ts'
import { createSmsRoutes, type SmsRoutesParts } from './sms-routes.ts'
import { type WriteJournalParts, writeJournal } from './write-journal.ts'

export interface PublicSurfaceParts extends WriteJournalParts {
  db: Database
  login: LoginService
  phones: PhoneService
  members: MemberService
  join: JoinService
  sessions: SessionService
  signingKeys: SigningKeys
  tokens: CentralTokens
  requireClient: RequireClient
  backEndExchange: BackEndExchange
  backEndMembers: BackEndMembers
  introspect: Introspect
  telemetry: Telemetry
  sms: SmsRoutesParts['sms']
  logger: Logger
  clock: Clock
  newId: NewId
  corsOrigins: readonly string[]
  limits: Limits
  /** Every request is answered within so many milliseconds. */
  answerWithinMs: number
}

/** What mini programs, pages and back ends call. Errors are problem documents. */
export function createPublicSurface(parts: PublicSurfaceParts): Surface {
  const requireSession = every(
    createRequireSession(parts.sessions),
    limitBySession(parts.limits),
  ) as RequireSession
  const router = createRouter()
  router.onError(answerProblem)
  router.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })
  router.use(observe(parts), answerHeaders)
  if (parts.corsOrigins.length > 0) router.use(crossOrigin(parts.corsOrigins))
  router.use(answerWithin(parts.answerWithinMs))
  router.use('/v1/*', writeJournal(parts))
  // RFC 7662 has a form.
  router.use('/v1/*', noStore, except('/v1/introspect', jsonBodies), bodyLimits(), plainTexts)
  guardRoutes(router, parts.limits)

  router.route('/', createLoginRoutes(parts.login))
  router.route('/', createPhoneRoutes({ ...parts, requireSession }))
  router.route('/', createSessionRoutes({ ...parts, requireSession }))
  router.route('/', createJwksRoutes(parts.signingKeys))
  router.route('/', createMemberRoutes({ ...parts, requireSession }))
  router.route('/', createIdentityRoutes({ ...parts, requireSession }))
  router.route('/', createEventRoutes(parts))
  router.route('/', createSmsRoutes(parts))

  router.route('/', createAccessTokenRoutes(parts))
  router.route('/', createExchangeRoutes(parts))
  router.route('/', createBackEndMemberRoutes(parts))
  router.route('/', createIntrospectRoutes(parts))

  router.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', securitySchemes.accessToken)
  router.openAPIRegistry.registerComponent('securitySchemes', 'client', securitySchemes.client)
  return { prefixes: ['/v1', '/.well-known'], router }
}
