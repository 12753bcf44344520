import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import type { AuditTrail, NamedAuditEntry } from '../../admin/audit-trail.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { readPlace, writePlace } from '../../http/page-cursor.ts'
import { streamRows } from '../../http/rows.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { NewId } from '../../kernel/ids.ts'
import { auditEntry } from '../../stores/audit-entry.ts'
import type { AuditStore } from '../../stores/audit-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { iso } from './views.ts'

const tags = ['Admin: audit']
const DEFAULT_LIMIT = 50

const listRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/audit',
  operationId: 'adminListAudit',
  tags,
  summary: '审计记录 · What was changed and revealed',
  least: 'viewer',
  audits: null,
  errors: ['CURSOR_INVALID'],
  request: { query: schemas.auditQuery },
  responses: { 200: jsonAnswer(schemas.auditPage, 'Newest first.') },
})

const exportRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/audit/export',
  operationId: 'adminExportAudit',
  tags,
  summary: '导出审计记录 · The audit as a file',
  least: 'viewer',
  audits: 'audit.export',
  request: {
    query: schemas.auditQuery
      .omit({ cursor: true, limit: true })
      .extend({ format: z.enum(['csv', 'ndjson']).default('csv') }),
  },
  responses: {
    200: { description: 'CSV, safe to open in a spreadsheet, or a line of JSON for each entry.' },
  },
})

export interface AuditRoutesParts {
  trail: AuditTrail
  audit: AuditStore
  clock: Clock
  newId: NewId
}

export function createAuditRoutes({ trail, audit, clock, newId }: AuditRoutesParts): AdminRouter {
  return createAdminRouter()
    .openapi(listRoute, async (c) => {
      const { cursor, limit = DEFAULT_LIMIT, ...query } = c.req.valid('query')
      const { entries, next } = await trail.page(filterOf(query), { after: readPlace(cursor), limit })
      return c.json({ items: entries.map(entryView), nextCursor: next ? writePlace(next) : null }, 200)
    })
    .openapi(exportRoute, async (c) => {
      const { format, ...query } = c.req.valid('query')
      const nowMs = clock.now()
      const audited = { action: 'audit.export', details: { ...query, format } }
      await audit.add([auditEntry(c.get('caller').actor, audited, { newId, nowMs })])
      const rows = mapPages(trail.all({ ...filterOf(query), toMs: filterOf(query).toMs ?? nowMs }), entryView)
      return streamRows(c, rows, {
        format,
        columns: auditColumns,
        name: `haoma-audit-${iso(nowMs).slice(0, 10)}`,
      })
    }) as AdminRouter
}

type Query = z.output<typeof schemas.auditQuery>

const filterOf = ({ from, to, ...query }: Omit<Query, 'cursor' | 'limit'>) => ({
  ...query,
  fromMs: from === undefined ? undefined : Date.parse(from),
  toMs: to === undefined ? undefined : Date.parse(to),
})

const auditColumns = Object.keys(schemas.auditEntry.shape)

function entryView({ atMs, ...entry }: NamedAuditEntry) {
  return { ...entry, at: iso(atMs) }
}

async function* mapPages<T, U>(
  pages: AsyncIterable<readonly T[]>,
  view: (item: T) => U,
): AsyncGenerator<U[]> {
  for await (const page of pages) yield page.map(view)
}
