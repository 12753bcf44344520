import * as schemas from '@haoma/protocol/schemas'
import { createRoute } from '@hono/zod-openapi'
import { access } from '../../http/access.ts'
import {
  bodyErrors,
  commonErrors,
  jsonAnswer,
  jsonBody,
  memberErrors,
  problemAnswers,
} from '../../http/openapi.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { LoginBySms } from '../../ways/sms/login.ts'
import type { SendSms } from '../../ways/sms/send.ts'

const sendRoute = createRoute({
  method: 'post',
  path: '/v1/sms/send',
  operationId: 'sendSms',
  tags: ['SMS'],
  summary: '发送短信验证码 · Send a code by SMS',
  description:
    '没有微信按钮时的登录方式。同一号码 60 秒内只发一条：同一设备再次请求得到相同的应答，其他设备得到 429 和等待时间；重复请求不会延长有效期。应答里的 requestId 交给 /v1/sms/login。\n\n' +
    'The way in where there is no WeChat button. One SMS a minute goes to a number: the same device, asking again, gets ' +
    'the same answer, another one 429 with the wait; asking again lengthens nothing. Name `requestId` in `/v1/sms/login`.',
  security: access.anybody,
  request: {
    body: jsonBody(schemas.smsSendRequest, {
      appid: 'shop-h5',
      phoneNumber: '13800138000',
      client: { deviceId: '0198f3b26f0a7c3e' },
    }),
  },
  responses: {
    200: jsonAnswer(schemas.smsSendResponse, 'On its way.'),
    ...problemAnswers(
      ...bodyErrors,
      'UNKNOWN_APP',
      'SMS_NOT_OFFERED',
      'SMS_NUMBER_INVALID',
      'PHONE_COUNTRY_NOT_ALLOWED',
      'SMS_CAPTCHA_REQUIRED',
      'SMS_BUDGET_REACHED',
      'SMS_SEND_FAILED',
      ...commonErrors,
    ),
  },
})

const loginRoute = createRoute({
  method: 'post',
  path: '/v1/sms/login',
  operationId: 'loginBySms',
  tags: ['SMS'],
  summary: '用短信验证码登录 · Sign in with a code by SMS',
  description:
    '每个 requestId 可以输入五次。带上 Authorization 时，号码绑定到该会话的会员：用来在「手机号需重新验证」之后证明号码，或证明合并票据（此时应答 `IDENTITY_CONFLICT` 里的票据可直接用于 /v1/identity/merge）。\n\n' +
    'Five codes may be entered for a `requestId`. With `Authorization` the number goes to the member of that session: ' +
    'the way to prove a number after `PHONE_VERIFICATION_REQUIRED`, or the ticket of a merge (the one that comes with ' +
    '`IDENTITY_CONFLICT` then is good for `/v1/identity/merge`).',
  security: access.anybodyOrSession,
  request: {
    body: jsonBody(schemas.smsLoginRequest, {
      requestId: '0198f3b2-6f0a-7c3e-9a51-3d2c1b0a9f8e',
      code: '437012',
      client: { deviceId: '0198f3b26f0a7c3e' },
    }),
  },
  responses: {
    200: jsonAnswer(schemas.loginResponse, 'Signed in.'),
    ...problemAnswers(
      ...bodyErrors,
      'SMS_NOT_OFFERED',
      'SMS_CODE_WRONG',
      'SMS_CODE_OVER',
      'SESSION_REQUIRED',
      'SESSION_EXPIRED',
      'PHONE_COUNTRY_NOT_ALLOWED',
      'PHONE_VERIFICATION_REQUIRED',
      'IDENTITY_CONFLICT',
      ...memberErrors,
      ...commonErrors,
    ),
  },
})

export interface SmsRoutesParts {
  sms: SendSms & LoginBySms
  sessions: SessionService
}

export function createSmsRoutes({ sms, sessions }: SmsRoutesParts): Router {
  return createRouter()
    .openapi(sendRoute, async (c) =>
      c.json(await sms.send(c.req.valid('json'), { ip: c.get('clientIp'), trace: c.get('trace') }), 200),
    )
    .openapi(loginRoute, async (c) => {
      const authorization = c.req.header('authorization')
      const shown = authorization === undefined ? undefined : await sessions.authenticate(authorization)
      return c.json(
        await sms.login(c.req.valid('json'), { session: shown?.session, trace: c.get('trace') }),
        200,
      )
    })
}
