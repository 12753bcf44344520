import type { SecretInput } from '@haoma/wechat'
import { access } from '../../http/access.ts'
import { answerWithin } from '../../http/deadline.ts'
import { addDocumented, type DocumentedRoute } from '../../http/documented.ts'
import { answerHeaders } from '../../http/headers.ts'
import { languageOf } from '../../http/language.ts'
import { observe } from '../../http/observe.ts'
import { createIsOperator, type HasApiKey } from '../../http/operator.ts'
import { answerProblem } from '../../http/problems.ts'
import { createRouter } from '../../http/router.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import type { HealthService } from '../../operations/health.ts'
import type { Metrics } from '../../operations/metrics.ts'
import type { Surface } from '../surface.ts'
import { createDocsRoutes } from './docs-routes.ts'
import { inLanguage } from './document-language.ts'
import { createHealthRoutes } from './health-routes.ts'
import { createMetricsRoutes, metricsScheme } from './metrics-route.ts'
import { createDocument } from './openapi-document.ts'

export interface OperationsSurfaceParts {
  health: HealthService
  metrics: Metrics
  /** Opens metrics and details to those who show it. */
  metricsToken: SecretInput | undefined
  hasApiKey: HasApiKey
  logger: Logger
  clock: Clock
  newId: NewId
  /** Every request is answered within so many milliseconds. */
  answerWithinMs: number
  version: string
  /** Where the service is mounted; empty at the root. */
  basePath: string
  /** The other surfaces, for the document of all calls. */
  documented: readonly Surface[]
}

/** What runs the service looks at: whether it is well, and what it can do. Errors are problem documents. */
export function createOperationsSurface(parts: OperationsSurfaceParts): Surface {
  const isOperator = createIsOperator(parts.metricsToken, parts.hasApiKey)
  const router = createRouter()
  router.onError(answerProblem)
  router.notFound(() => {
    throw new HaomaError('NOT_FOUND')
  })
  router.use(observe(parts), answerHeaders, answerWithin(parts.answerWithinMs))
  router.route('/', createHealthRoutes(parts.health, isOperator))
  router.route('/', createMetricsRoutes(parts.metrics, isOperator))
  router.openAPIRegistry.registerComponent('securitySchemes', 'metricsToken', metricsScheme)
  router.route('/', createDocsRoutes())

  const surface: Surface = {
    prefixes: ['/', '/healthz', '/readyz', '/metrics', '/docs', '/openapi.json'],
    router,
  }
  let document: ReturnType<typeof createDocument> | undefined
  const documentRoute = {
    methods: ['get'],
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tags: ['Operations'],
    summary: 'OpenAPI 文档 · The OpenAPI document',
    description:
      '`?language=zh` 或 `en` 只留一种语言的说明。\n\nWith `?language=zh` or `en` its texts are in that language alone.',
    security: access.anybody,
    responses: { 200: { description: 'OpenAPI 3.1.' } },
  } satisfies DocumentedRoute
  addDocumented(router, documentRoute, (c) => {
    document ??= createDocument([...parts.documented, surface], parts)
    const language = languageOf(c.req.query('language'))
    return c.json(language ? inLanguage(document, language) : document)
  })
  return surface
}
