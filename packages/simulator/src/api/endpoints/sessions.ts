import { createHmac } from 'node:crypto'
import type { Session } from '../../model/sessions.ts'
import { text } from '../../text.ts'
import { ok, type RefusedAnswer, refuse } from '../answer.ts'
import { type Endpoint, type ReadyCall, type TokenAuth, UNPUBLISHED } from '../endpoint.ts'

const auth: TokenAuth = { kind: 'access-token', needs: 'mini-program', isSignable: false }

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html */
export const checkSession: Endpoint = {
  path: '/wxa/checksession',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: UNPUBLISHED,
  handle(call) {
    const found = findSession(call)
    if ('refusal' in found) return found
    call.model.sessions.touch(found.session)
    return ok({ errcode: 0, errmsg: 'ok' })
  },
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey.html */
export const resetUserSessionKey: Endpoint = {
  path: '/wxa/resetusersessionkey',
  method: 'GET',
  family: 'wxa',
  auth,
  quota: { daily: UNPUBLISHED.daily, perMinute: 60_000 },
  handle(call) {
    const found = findSession(call)
    if ('refusal' in found) return found
    const { session } = found
    call.model.sessions.resetKey(session)
    return ok({ errcode: 0, errmsg: 'ok', openid: session.openid, session_key: session.sessionKey })
  },
}

/** The live session whose key made the signature. */
function findSession({ model, app, query }: ReadyCall): { session: Session } | RefusedAnswer {
  const openid = query.get('openid')
  const signature = query.get('signature')
  if (!openid || !signature)
    return refuse(40097, text('缺少 openid 或 signature', 'openid or signature is missing'))
  if (query.get('sig_method') !== 'hmac_sha256') {
    return refuse(87008, text('sig_method 应为 hmac_sha256', 'sig_method is hmac_sha256'))
  }
  const session = model.sessions.find(openid)
  if (!session || session.appid !== app.appid) {
    return refuse(87007, text('该用户没有有效的 session_key', 'this user has no live session_key'))
  }
  // The key is the session_key as delivered, not decoded; the message is empty.
  const expected = createHmac('sha256', session.sessionKey).update('').digest('hex')
  return signature === expected
    ? { session }
    : refuse(87009, text('签名不是用当前 session_key 算的', 'not signed with the current session_key'))
}
