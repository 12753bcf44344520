import * as schemas from '@haoma/protocol/admin'
import type { z } from '@hono/zod-openapi'
import { type RowFormatName, streamRows } from '../../http/rows.ts'
import { monthRange } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import { entryPages } from '../../ledger/entry-pages.ts'
import { auditEntry } from '../../stores/audit-entry.ts'
import type { AuditStore } from '../../stores/audit-store.ts'
import type { LedgerRow, LedgerStore } from '../../stores/ledger-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { entryView } from './entry-view.ts'

const exportRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/export',
  operationId: 'adminExportEntries',
  tags: ['Admin: cost'],
  summary: '导出一个月的账目 · The ledger of a month as a file',
  description:
    '`dispute` 是与微信核对账单时要提交的 `timestamp,openid` 表：每次计费且知道 openid 的调用一行，时间为 Unix 秒。\n\n' +
    '`dispute` is the table `timestamp,openid` for disputes with WeChat: a line for each charged call whose openid is ' +
    'known, in Unix seconds.',
  least: 'viewer',
  audits: 'ledger.export',
  request: { query: schemas.exportQuery },
  responses: { 200: { description: 'Oldest first: CSV, one JSON array, or a line of JSON for each entry.' } },
})

type ExportFormat = z.output<typeof schemas.exportQuery>['format']

const viewOf = (row: LedgerRow) => [{ ...entryView(row) }]
const columns = Object.keys(schemas.ledgerEntry.shape)

const exports: Record<
  ExportFormat,
  { format: RowFormatName; columns: readonly string[]; rowsOf(row: LedgerRow): Record<string, unknown>[] }
> = {
  csv: { format: 'csv', columns, rowsOf: viewOf },
  json: { format: 'json', columns, rowsOf: viewOf },
  ndjson: { format: 'ndjson', columns, rowsOf: viewOf },
  /** @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/PhoneNumberGuide.html */
  dispute: {
    format: 'plainCsv',
    columns: ['timestamp', 'openid'],
    rowsOf: ({ isBilled, openid, seenAtMs }) =>
      isBilled === 1 && openid !== null ? [{ timestamp: Math.floor(seenAtMs / 1000), openid }] : [],
  },
}

export interface CostExportRoutesParts {
  ledger: Pick<LedgerStore, 'page'>
  audit: AuditStore
  clock: Clock
  newId: NewId
}

export function createCostExportRoutes({ ledger, audit, clock, newId }: CostExportRoutesParts): AdminRouter {
  return createAdminRouter().openapi(exportRoute, async (c) => {
    const { month, appid, format } = c.req.valid('query')
    const range = monthRange(month)
    if (!range) throw new HaomaError('BAD_REQUEST')
    const details = { month, format, ...(appid !== undefined && { appid }) }
    const audited = { action: 'ledger.export', details }
    await audit.add([auditEntry(c.get('caller').actor, audited, { newId, nowMs: clock.now() })])
    const { rowsOf, ...kind } = exports[format]
    const rows = mapPages(entryPages(ledger, { ...range, appid }), (page) => page.flatMap(rowsOf))
    const name = `haoma-${format === 'dispute' ? 'dispute' : 'ledger'}-${month}`
    return streamRows(c, rows, { ...kind, name })
  }) as AdminRouter
}

async function* mapPages<T, U>(pages: AsyncIterable<T>, view: (page: T) => U): AsyncGenerator<U> {
  for await (const page of pages) yield view(page)
}
