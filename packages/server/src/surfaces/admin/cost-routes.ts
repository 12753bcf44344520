import * as schemas from '@haoma/protocol/admin'
import { z } from '@hono/zod-openapi'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { readPlace, writePlace } from '../../http/page-cursor.ts'
import { DAY_MS, startOfDay } from '../../kernel/calendar.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { CostReport } from '../../ledger/cost-report.ts'
import { wasteTexts } from '../../ledger/waste-texts.ts'
import type { EntryFilter, LedgerStore } from '../../stores/ledger-store.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'
import { entryView } from './entry-view.ts'

const tags = ['Admin: cost']
const DEFAULT_LIMIT = 50

const searchRequest = schemas.entrySearchRequest.extend({
  state: z.enum(['used', 'refused', 'expired', 'lost']).optional(),
})
type Query = z.output<typeof schemas.costSumsQuery>
type Search = Omit<z.output<typeof searchRequest>, 'cursor' | 'limit'>

const sumsRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/sums',
  operationId: 'adminGetCostSums',
  tags,
  summary: '按日或按月的调用与金额 · Calls and money by day or month',
  least: 'viewer',
  audits: null,
  request: { query: schemas.costSumsQuery },
  responses: { 200: jsonAnswer(schemas.costSumsResponse, 'The oldest first.') },
})

const wasteRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/waste',
  operationId: 'adminGetWaste',
  tags,
  summary: '付了费却没有用上的调用 · Calls that were paid for and brought nothing',
  least: 'viewer',
  audits: null,
  request: { query: schemas.costSumsQuery.omit({ by: true }) },
  responses: { 200: jsonAnswer(schemas.wasteResponse, 'The most expensive first, at list price.') },
})

const searchRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/cost/entries/search',
  operationId: 'adminSearchEntries',
  tags,
  summary: '查找账目 · Look for entries of the ledger',
  description: '只含已结清的代码。每个给出的条件都要满足。\n\nOf settled codes. Everything given must hold.',
  least: 'viewer',
  audits: null,
  errors: ['CURSOR_INVALID'],
  request: {
    body: jsonBody(searchRequest, { state: 'used' }),
  },
  responses: { 200: jsonAnswer(schemas.entriesPage, 'The newest first.') },
})

export interface CostRoutesParts {
  report: CostReport
  ledger: Pick<LedgerStore, 'page'>
  /** The key under which a phone code is written down, by its SHA-256. */
  keyOfHash(appid: string, codeHash: string): string
  listAppids(): readonly string[]
}

export function createCostRoutes({ report, ledger, keyOfHash, listAppids }: CostRoutesParts): AdminRouter {
  /** A code is known by its app too: of an unnamed app each may be meant. */
  const filtersOf = ({ from, to, codeHash, ...search }: Search): EntryFilter[] => {
    const filter: EntryFilter = {
      ...search,
      fromMs: from === undefined ? undefined : Date.parse(from),
      toMs: to === undefined ? undefined : Date.parse(to),
    }
    if (codeHash === undefined) return [filter]
    const appids = search.appid === undefined ? listAppids() : [search.appid]
    return appids.map((appid) => ({ ...filter, codeKey: keyOfHash(appid, codeHash) }))
  }

  return createAdminRouter()
    .openapi(sumsRoute, async (c) => {
      const { by = 'day', ...query } = c.req.valid('query')
      const sums = (await report.sums(questionOf(query), by)).map(({ cause, billedEntries, ...sum }) => ({
        ...sum,
        cause: cause || null,
      }))
      const totals = { entries: 0, listLi: 0, chargeLi: 0, wasteLi: 0 }
      for (const { entries, listLi, chargeLi, cause } of sums) {
        totals.entries += entries
        totals.listLi += listLi
        totals.chargeLi += chargeLi
        totals.wasteLi += cause === null ? 0 : listLi
      }
      return c.json({ sums, totals }, 200)
    })
    .openapi(wasteRoute, async (c) => {
      const query = c.req.valid('query')
      const waste = await report.waste(questionOf(query))
      const causes = waste.map(({ listLi, ...one }) => ({ ...one, li: listLi, ...wasteTexts[one.cause] }))
      const totalLi = causes.reduce((sum, { li }) => sum + li, 0)
      return c.json({ from: query.from, to: query.to, causes, totalLi }, 200)
    })
    .openapi(searchRoute, async (c) => {
      const { cursor, limit = DEFAULT_LIMIT, ...search } = c.req.valid('json')
      const place = readPlace(cursor)
      const page = {
        limit: limit + 1,
        after: place && { seenAtMs: place.atMs, id: place.id },
        newestFirst: true,
      }
      const found = (await Promise.all(filtersOf(search).map((filter) => ledger.page(filter, page)))).flat()
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const nextCursor = last ? writePlace({ atMs: last.seenAtMs, id: last.id }) : null
      return c.json({ items: items.map(entryView), nextCursor }, 200)
    }) as AdminRouter
}

/** @throws {HaomaError} `BAD_REQUEST` for what is no day. */
function questionOf({ from, to, ...query }: Pick<Query, 'from' | 'to' | 'appid' | 'component'>) {
  const [fromMs, lastMs] = [startOfDay(from), startOfDay(to)]
  if (fromMs === undefined || lastMs === undefined) throw new HaomaError('BAD_REQUEST')
  return { ...query, fromMs, toMs: lastMs + DAY_MS }
}
