import { setTimeout as sleep } from 'node:timers/promises'
import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer } from '../../http/openapi.ts'
import type { JobRunner } from '../../jobs/runner.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import { auditEntry } from '../../stores/audit-entry.ts'
import type { AuditStore } from '../../stores/audit-store.ts'
import type { JobRecord } from '../../stores/job-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso, isoOrNull } from './views.ts'

const tags = ['Admin: jobs']
const WAIT_MS = 1000

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/jobs',
  operationId: 'adminListJobs',
  tags,
  summary: '列出后台任务 · List jobs',
  least: 'viewer',
  audits: null,
  responses: { 200: jsonAnswer(schemas.jobsResponse, 'By name.') },
})

const runRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/jobs/{name}/run',
  operationId: 'adminRunJob',
  tags,
  summary: '立即运行 · Run now',
  least: 'operator',
  audits: 'job.run',
  errors: ['NOT_THERE', 'NOT_POSSIBLE_NOW'],
  request: { params: z.object({ name: z.string().max(64) }) },
  responses: { 202: jsonAnswer(schemas.jobView, 'How it went; one that takes long is still running.') },
})

export interface JobsRoutesParts {
  runner: Pick<JobRunner, 'list' | 'names' | 'runNow'>
  audit: AuditStore
  clock: Clock
  newId: NewId
}

export function createJobsRoutes({ runner, audit, clock, newId }: JobsRoutesParts): AdminRouter {
  const isRunning = ({ leaseUntilMs }: JobRecord) => leaseUntilMs !== null && leaseUntilMs > clock.now()
  const viewOf = (job: JobRecord): schemas.JobView => ({
    name: job.name,
    state: isRunning(job) ? 'running' : job.failures > 0 ? 'failing' : 'waiting',
    nextAt: iso(job.nextAtMs),
    startedAt: isoOrNull(job.startedAtMs),
    finishedAt: isoOrNull(job.finishedAtMs),
    runs: job.runs,
    failures: job.failures,
    lastError: job.lastError,
    lastErrorAt: isoOrNull(job.lastErrorAtMs),
    progress: job.progress,
  })

  return createAdminRouter()
    .openapi(listRoute, async (c) => c.json({ jobs: (await runner.list()).map(viewOf) }, 200))
    .openapi(runRoute, async (c) => {
      const { name } = c.req.valid('param')
      if (!runner.names.includes(name)) throw new HaomaError('NOT_THERE')
      const known = (await runner.list()).find((job) => job.name === name)
      if (known && isRunning(known)) throw new HaomaError('NOT_POSSIBLE_NOW', { text: runsAlready })
      const done = { action: 'job.run', target: { kind: 'job', id: name } }
      await audit.add([auditEntry(c.get('caller').actor, done, { newId, nowMs: clock.now() })])
      const run = runner.runNow(name)
      c.env.hold(run)
      // Most jobs are done in no time, and then the answer says how it went.
      await Promise.race([run, sleep(WAIT_MS, undefined, { ref: false })])
      const job = (await runner.list()).find((one) => one.name === name)
      if (!job) throw new HaomaError('NOT_THERE')
      return c.json(viewOf(job), 202)
    }) as AdminRouter
}

const runsAlready = {
  zh: '这个任务正在运行。',
  en: 'The job is running right now.',
}
