import * as schemas from '@haoma/protocol/admin'
import { jsonAnswer, jsonBody } from '../../http/openapi.ts'
import { readPlace, writePlace } from '../../http/page-cursor.ts'
import type { SmsLook } from '../../ways/sms/look.ts'
import { type AdminRouter, adminRoute, createAdminRouter } from './admin-access.ts'

const tags = ['Admin: SMS']
const DEFAULT_LIMIT = 50

const summaryRoute = adminRoute({
  method: 'get',
  path: '/admin/v1/sms',
  operationId: 'adminGetSms',
  tags,
  summary: '最近 7 天的短信 · SMS of the last 7 days',
  description:
    '按上海时间的每日条数：发出、其中用于登录的、失败、结果未知（服务商没有应答，可能已送达）。\n\n' +
    'Messages a day, in Shanghai: sent, of these used to sign in, failed, and unknown: the provider did not answer, it may have arrived.',
  least: 'viewer',
  audits: null,
  responses: {
    200: jsonAnswer(schemas.smsSummaryResponse, 'Counts, and what the provider said when it did not send.'),
  },
})

const searchRoute = adminRoute({
  method: 'post',
  path: '/admin/v1/sms/search',
  operationId: 'adminSearchSms',
  tags,
  summary: '查找短信 · Look for SMS',
  description:
    '按打码号码或完整号码查找；号码只在请求体里。应答里没有验证码，号码都是打码的。\n\n' +
    'By masked or full number, which stands in the body alone. The answer has no code, and numbers in it are masked.',
  least: 'viewer',
  audits: null,
  errors: ['CURSOR_INVALID'],
  request: { body: jsonBody(schemas.smsSearchRequest, { masked: '138****8000' }) },
  responses: { 200: jsonAnswer(schemas.smsPage, 'The newest first.') },
})

export function createSmsRoutes({ look }: { look: SmsLook }): AdminRouter {
  return createAdminRouter()
    .openapi(summaryRoute, async (c) => c.json(await look.summary(), 200))
    .openapi(searchRoute, async (c) => {
      const { cursor, limit = DEFAULT_LIMIT, ...query } = c.req.valid('json')
      const { items, next } = await look.search(query, { after: readPlace(cursor), limit })
      return c.json({ items, nextCursor: next ? writePlace(next) : null }, 200)
    }) as AdminRouter
}
