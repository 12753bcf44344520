import * as schemas from '@haoma/protocol/admin'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { dayName } from '../../kernel/calendar.ts'
import { type ComponentOutlook, type Outlook, runOutView } from '../../ledger/outlook.ts'
import type { BookReconciliation } from '../../ledger/reconciliation.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const tags = ['Admin: cost']
const HISTORY_DAYS = 7
const FORECAST_DAYS = 30

const forecastRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/forecast',
  operationId: 'adminGetForecast',
  tags,
  summary:
    '预测：每日调用、本月花费、用完的日子 · Calls a day, spend of the month, and the day calls run out',
  description:
    '按最近 8 周每个星期几的平均推算；`low` 与 `high` 是两个标准误。剩余次数优先取微信的读数。\n\n' +
    'By what each weekday had in the last eight weeks; `low` and `high` are two standard errors away. What is left is ' +
    "WeChat's own count where it was read.",
  least: 'viewer',
  audits: null,
  request: { query: schemas.forecastQuery },
  responses: {
    200: jsonAnswer(schemas.forecastResponse, 'One for each component that was used in these weeks.'),
  },
})

const booksRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/cost/reconciliation',
  operationId: 'adminGetReconciliation',
  tags,
  summary: '对账：微信的数与我们的数 · WeChat’s count beside ours',
  description:
    '每小时读一次微信的用量，等那段时间的代码都有结局后与账目比较，并尽量解释差额。两边都从第一次成功的读数起算。\n\n' +
    "WeChat's use is read every hour and compared once each code of that time has its end; the difference is explained as " +
    'far as it can be. Both counts begin at the first reading that succeeded.',
  least: 'viewer',
  audits: null,
  request: { query: schemas.reconciliationQuery },
  responses: {
    200: jsonAnswer(schemas.reconciliationResponse, 'The newest reading of each balance, and settled ones.'),
  },
})

const reconcileRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/cost/reconciliation',
  operationId: 'adminReconcile',
  tags,
  summary: '立即读取微信的用量 · Read WeChat’s use now',
  least: 'operator',
  audits: 'ledger.reconcile',
  request: { body: jsonBody(schemas.reconcileRequest, {}) },
  responses: {
    200: jsonAnswer(
      schemas.reconciliationResponse,
      'With the new readings, compared as far as is known now.',
    ),
  },
})

export interface BooksRoutesParts {
  outlook: Outlook
  reconciliation: BookReconciliation
  /** Mini programs of the service. */
  listAppids(): readonly string[]
}

export function createBooksRoutes({ outlook, reconciliation, listAppids }: BooksRoutesParts): AdminRouter {
  const read = async ({
    appid,
    days = HISTORY_DAYS,
  }: {
    appid?: string | undefined
    days?: number | undefined
  }) => ({
    latest: await reconciliation.latest({ appid }),
    history: await reconciliation.history({ appid, days }),
  })
  return createAdminRouter()
    .openapi(forecastRoute, async (c) => {
      const { appid, component, days = FORECAST_DAYS } = c.req.valid('query')
      const appids = listAppids().filter((one) => appid === undefined || one === appid)
      const forecasts = (await outlook.read(appids))
        .filter((one) => component === undefined || one.component === component)
        .filter(({ forecast }) => forecast.basedOnDays > 0)
        .map((one) => forecastView(one, days))
      return c.json({ forecasts }, 200)
    })
    .openapi(booksRoute, async (c) => c.json(await read(c.req.valid('query')), 200))
    .openapi(reconcileRoute, async (c) => {
      const { appid } = c.req.valid('json')
      await reconciliation.readNow({ appid }, c.get('caller').actor)
      return c.json(await read({ appid }), 200)
    }) as AdminRouter
}

function forecastView(one: ComponentOutlook, days: number) {
  const { appid, component, monthLi, left, leftSource, forecast } = one
  return {
    appid,
    component,
    perDay: forecast.days.slice(0, days).map(({ startMs, ...day }) => ({ day: dayName(startMs), ...day })),
    weekdays: forecast.weekdays,
    monthLi,
    left,
    leftSource,
    ...runOutView(one),
    basedOnDays: forecast.basedOnDays,
  }
}
