import { CODE_TTL_MS } from '../../model/ageing-codes.ts'
import { unionidOf } from '../../model/users.ts'
import { text } from '../../text.ts'
import { ok, refuse } from '../answer.ts'
import { type Endpoint, queryField, UNPUBLISHED } from '../endpoint.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html */
export const code2Session: Endpoint = {
  path: '/sns/jscode2session',
  method: 'GET',
  alsoPost: 'switch',
  family: 'sns',
  auth: { kind: 'app-secret', in: 'query', secretField: 'secret', whitelist: 'code2session-whitelist' },
  quota: UNPUBLISHED,
  handle(call) {
    const { model, app, nowMs } = call
    const loginCode = queryField(call, 'js_code')
    if (!loginCode) return refuse(41008, text('缺少 js_code', 'js_code is missing'))
    if (queryField(call, 'grant_type') !== 'authorization_code') {
      return refuse(40002, text('grant_type 应为 authorization_code', 'grant_type is authorization_code'))
    }
    const code = model.loginCodes.find(loginCode)
    if (!code || code.appid !== app.appid) return refuse(40029, unknownCode(model.phoneCodes.find(loginCode)))
    if (model.loginCodes.isExpired(code)) {
      return refuse(40029, text('code 已超过 5 分钟', 'the code is older than 5 minutes'))
    }
    if (code.usedAtMs !== undefined) {
      const ageS = Math.round((nowMs - code.usedAtMs) / 1000)
      return refuse(40163, text(`code 在 ${ageS} 秒前用过`, `the code was used ${ageS} s ago`))
    }
    const perMinute = model.switches.get('code2session-per-user-minute')
    if (perMinute !== 'off' && !model.loginsByUser.take(code.openid, Number(perMinute))) {
      return refuse(
        45011,
        text(`该用户一分钟内超过 ${perMinute} 次`, `over ${perMinute} a minute for this user`),
      )
    }
    if (model.users.meet(code.user).blocked) {
      return refuse(40226, text('高风险用户，登录被拦截', 'a high-risk user: login is blocked'))
    }
    model.loginCodes.use(code)
    const unionid = unionidOf(app, code.user)
    return ok({
      session_key: code.sessionKey,
      openid: model.switches.get('code2session-openid') === 'empty' ? '' : code.openid,
      ...(unionid === undefined ? {} : { unionid }),
      ...(model.switches.get('code2session-errcode') === 'zero' ? { errcode: 0, errmsg: 'ok' } : {}),
    })
  },
}

function unknownCode(phoneCode: object | undefined) {
  return phoneCode
    ? text('这是手机号 code，不是 wx.login 的 code', 'this is a phone code, not one of wx.login')
    : text(
        `没有发给这个小程序的 code（或超过 ${CODE_TTL_MS / 60_000} 分钟）`,
        'no code of this mini program, or one long expired',
      )
}
