import { createRoute, z } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import type { IsOperator } from '../../http/operator.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { HealthService } from '../../operations/health.ts'

const readiness = z.object({
  ready: z.boolean().describe('The database can be written and the process is not about to stop.'),
  draining: z.boolean(),
  degraded: z.boolean().optional().describe('An app has a wrong secret, or WeChat is away. For operators.'),
  checks: z
    .array(
      z.object({
        name: z.enum(['database', 'wechat']),
        appid: z.string().optional(),
        ok: z.boolean(),
        since: z.iso.datetime().describe('Since when it has been so, as far as this process saw.'),
        detail: z
          .object({ zh: z.string(), en: z.string() })
          .optional()
          .describe('What is missing and what to do.'),
      }),
    )
    .optional()
    .describe(
      'For operators: callers on this machine, with the metrics token, or with an API key of a role.',
    ),
})

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operations'],
  summary: '进程是否存活 · Whether the process is alive',
  security: access.anybody,
  responses: { 200: jsonAnswer(z.object({ status: z.literal('ok') }), 'Alive.') },
})

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operations'],
  summary: '能否接收请求 · Whether this process should get requests',
  security: access.anybody,
  responses: {
    200: jsonAnswer(readiness, 'Ready.'),
    503: jsonAnswer(readiness, 'Not ready; `checks` says what is missing.'),
  },
})

export function createHealthRoutes(service: HealthService, isOperator: IsOperator): Router {
  return createRouter()
    .openapi(healthRoute, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyRoute, async (c) => {
      const result = (await isOperator(c, 'viewer')) ? await service.diagnosis() : await service.readiness()
      return c.json(result, result.ready ? 200 : 503)
    }) as Router
}
