import * as schemas from '@haoma/protocol/admin'
import type { Overview } from '../../admin/overview.ts'
import { jsonAnswer } from '../../http/openapi.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const DAYS = 30

const overviewRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/overview',
  operationId: 'adminGetOverview',
  tags: ['Admin: overview'],
  summary: '今天与最近若干天 · Today and the days before',
  description:
    '天按北京时间。登录数与失败数来自登录记录的小时汇总（索取短信验证码不算登录）；验证的号码数是账本中换到号码的同意，加上短信登录；' +
    '花费来自账本；漏斗的 shown、tapped、consented、bound 来自按钮的上报，exchanged 来自账本；未由按钮上报的数为 0。' +
    '新会员只在看全部应用时有数。余量优先用微信的数，否则按资源包计算；用完日期按此前至多 28 天的日均计算，最早与最晚为均值加减两倍标准误差。' +
    '各汇总晚几秒。\n\n' +
    'Days are of Shanghai. Logins and failures are the hourly sums of the journal (asking for a code by SMS is no login); ' +
    'verified numbers are consents of the ledger that gave one, and logins by SMS; spend is the ledger’s. Of the funnel, ' +
    'shown, tapped, consented and bound are what buttons tell, exchanged is the ledger’s; what no button tells of is 0. ' +
    'New members are counted over all apps only. What is left is WeChat’s count, else that of the packs; it runs out at ' +
    'the mean of up to 28 days before, earliest and latest being two standard errors away. Sums are a few seconds late.',
  least: 'viewer',
  audits: null,
  request: { query: schemas.overviewQuery },
  responses: { 200: jsonAnswer(schemas.overviewResponse, 'What the first page of the console shows.') },
})

export function createOverviewRoutes({ overview }: { overview: Overview }): AdminRouter {
  return createAdminRouter().openapi(overviewRoute, async (c) => {
    const { appid, days = DAYS } = c.req.valid('query')
    return c.json(await overview.read({ appid, days }), 200)
  }) as AdminRouter
}
