import type { PhoneCode } from '../../model/codes.ts'
import type { Model } from '../../model/model.ts'
import { phoneInfo } from '../../model/phone-info.ts'
import { type Text, text } from '../../text.ts'
import { type Answer, ok, refuse } from '../answer.ts'
import { type ApiCall, type Endpoint, type ReadyCall, UNPUBLISHED } from '../endpoint.ts'
import { parseObject } from '../json.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html */
export const getUserPhoneNumber: Endpoint = {
  path: '/wxa/business/getuserphonenumber',
  method: 'POST',
  family: 'wxa',
  auth: { kind: 'access-token', needs: 'phone', isSignable: true },
  quota: UNPUBLISHED,
  handle(call) {
    const answer = exchange(call)
    if ('refusal' in answer) spendAfterFailure(call)
    return answer
  },
  onRefused: spendAfterFailure,
}

function exchange({ model, app, body, query, nowMs }: ReadyCall): Answer {
  const sent = body.code
  if (typeof sent !== 'string') {
    return Object.keys(body).length === 0 && query.has('code')
      ? refuse(40029, text('code 应放在请求体里', 'the code belongs into the body'), { hint: true })
      : refuse(47001, text('请求体里没有 code', 'there is no code in the body'), { hint: true })
  }
  const code = model.phoneCodes.find(sent)
  if (!code) return refuse(40029, whyUnknown(model, sent), { hint: true })
  if (code.appid !== app.appid) {
    const errcode = Number(model.switches.get('cross-app-phone-code'))
    return refuse(errcode, text(`code 属于 ${code.appid}`, `the code belongs to ${code.appid}`), {
      hint: true,
    })
  }
  const unusable = whyUnusable(model, code, nowMs)
  if (unusable) return refuse(40029, unusable, { hint: true })
  const mismatch = model.switches.get('openid-mismatch')
  const wasSent = !isEmpty(body.openid) || model.switches.get('empty-openid') === 'mismatch'
  if (body.openid !== undefined && wasSent && body.openid !== code.openid && mismatch !== 'ignored') {
    return refuse(Number(mismatch), text('openid 不是这个 code 的用户', 'openid does not own this code'), {
      hint: true,
    })
  }
  model.phoneCodes.use(code)
  const skewMs = nowMs - model.clock.nowMs()
  const watermark = { timestamp: Math.floor((code.consentAtMs + skewMs) / 1000), appid: app.appid }
  const phone_info =
    model.switches.get('phone-info') === 'null' ? null : phoneInfo(code.number, watermark, model.switches)
  return ok({ errcode: 0, errmsg: 'ok', phone_info })
}

const isEmpty = (value: unknown) => value === null || value === ''

function whyUnknown(model: Model, sent: string): Text {
  return model.loginCodes.find(sent)
    ? text('这是 wx.login 的 code，不是手机号 code', 'this is a code of wx.login, not a phone code')
    : text('没有发过这个 code（或早已过期）', 'this code was never given out, or has long expired')
}

function whyUnusable(model: Model, code: PhoneCode, nowMs: number): Text | undefined {
  if (code.usedAtMs !== undefined) {
    const ageS = Math.round((nowMs - code.usedAtMs) / 1000)
    return text(`code 在 ${ageS} 秒前用过`, `the code was used ${ageS} s ago`)
  }
  if (!model.phoneCodes.isExpired(code)) return undefined
  return text('自点按钮起已超过 5 分钟', 'more than 5 minutes since the tap')
}

/** What happens to the code of a refused exchange is not documented; the switch says. */
function spendAfterFailure({ model, body, rawBody }: ApiCall): void {
  if (model.switches.get('phone-code-after-failure') === 'survives') return
  const sent = body.code ?? parseObject(rawBody)?.code
  const code = typeof sent === 'string' ? model.phoneCodes.find(sent) : undefined
  if (code && code.usedAtMs === undefined) model.phoneCodes.use(code)
}
