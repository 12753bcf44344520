import { addDocumented, type DocumentedRoute } from '../../http/documented.ts'
import { problemAnswers } from '../../http/openapi.ts'
import type { IsOperator } from '../../http/operator.ts'
import { createRouter, type Router } from '../../http/router.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Metrics } from '../../operations/metrics.ts'

export const metricsScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'HAOMA_METRICS_TOKEN，或有 metrics 权限的 API 密钥；本机直接访问时不需要。\n\n' +
    'HAOMA_METRICS_TOKEN, or an API key with the scope metrics; not needed from the machine itself.',
} as const

const metricsRoute = {
  methods: ['get'],
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['Operations'],
  summary: 'Prometheus 指标 · Metrics for Prometheus',
  security: [{ metricsToken: [] }],
  responses: {
    200: { description: 'Prometheus text.' },
    ...problemAnswers('NOT_FOUND'),
  },
} satisfies DocumentedRoute

/** `/metrics`: for operators only. Others are not told that it is there. */
export function createMetricsRoutes(metrics: Metrics, isOperator: IsOperator): Router {
  const router = createRouter()
  addDocumented(router, metricsRoute, async (c) => {
    if (!(await isOperator(c, 'metrics'))) throw new HaomaError('NOT_FOUND')
    const { text, contentType } = await metrics.render()
    return c.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' })
  })
  return router
}
