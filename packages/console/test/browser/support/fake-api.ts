import * as schemas from '@haoma/protocol/admin'
import * as cost from './fake-cost.ts'
import * as data from './fake-data.ts'

/** An answer of the faked service: a status and a body. */
export interface FakeAnswer {
  status: number
  body?: unknown
}
type Respond = (request: { path: string; query: URLSearchParams; body: unknown }) => unknown
export type FakeRoutes = Record<string, Respond>

const checked =
  <T>(schema: { parse(value: unknown): T }, value: () => T): Respond =>
  () =>
    schema.parse(value())

export const problem = (status: number, code: string, zh = '出错了', en = 'Something went wrong') => ({
  status,
  body: {
    type: `urn:haoma:error:${code}`,
    title: code,
    status,
    detail: zh,
    code,
    action: 'show-message',
    texts: { zh, en },
    requestId: '019ab0c4-7d3e-7abc-8a1b-0123456789ab',
  },
})

/** A service with traffic; a path may end in `*`. */
export const fullRoutes: FakeRoutes = {
  'GET session': checked(schemas.adminSessionResponse, () => data.sessionOf('owner')),
  'GET apps': checked(schemas.appsResponse, () => ({ apps: data.apps })),
  'GET overview': checked(schemas.overviewResponse, () => data.overview),
  'POST logins/search': checked(schemas.loginsPage, () => ({ items: data.logins, nextCursor: 'more' })),
  'GET logins/*': ({ path }) => schemas.loginDetail.parse(data.loginDetail(path.split('/').at(-1) ?? '')),
  'GET cost/sums': checked(schemas.costSumsResponse, () => cost.costSums),
  'GET cost/waste': checked(schemas.wasteResponse, () => cost.waste),
  'GET cost/forecast': checked(schemas.forecastResponse, () => cost.forecast),
  'GET cost/packs': checked(schemas.packsResponse, () => ({ packs: cost.packs })),
  'GET cost/prices': checked(schemas.pricesResponse, () => ({
    prices: [
      { component: 'quick', from: '2023-08-26T16:00:00.000Z', li: 30, isBuiltIn: true },
      { component: 'realtime', from: '2023-08-26T16:00:00.000Z', li: 40, isBuiltIn: true },
    ],
  })),
  'GET cost/reconciliation': checked(schemas.reconciliationResponse, () => ({
    latest: cost.books,
    history: cost.books,
  })),
  'POST cost/entries/search': checked(schemas.entriesPage, () => ({ items: cost.entries, nextCursor: null })),
  'GET sms': checked(schemas.smsSummaryResponse, () => cost.sms),
  'POST sms/search': checked(schemas.smsPage, () => ({ items: cost.smsRequests, nextCursor: null })),
}

/** A service on its first day. */
export const emptyRoutes: FakeRoutes = {
  ...fullRoutes,
  'GET overview': checked(schemas.overviewResponse, () => data.emptyOverview),
  'POST logins/search': checked(schemas.loginsPage, () => ({ items: [], nextCursor: null })),
}

/** Answers a call of `/admin/v1`, or says that there is no such call. */
export function answerOf(routes: FakeRoutes, method: string, url: URL, body: unknown): FakeAnswer {
  const path = url.pathname.replace(/^.*\/admin\/v1\//, '')
  const parent = `${path.slice(0, path.lastIndexOf('/'))}/*`
  const respond = routes[`${method} ${path}`] ?? routes[`${method} ${parent}`]
  if (!respond) return problem(404, 'NOT_FOUND', `没有 ${method} ${path}`, `no ${method} ${path}`)
  const answered = respond({ path, query: url.searchParams, body })
  const isAnswer =
    typeof answered === 'object' && answered !== null && 'status' in answered && 'body' in answered
  return isAnswer ? (answered as FakeAnswer) : { status: answered === undefined ? 204 : 200, body: answered }
}
