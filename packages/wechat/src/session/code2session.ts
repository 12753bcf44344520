import { checkObject } from '../internal/check.ts'
import { type Answer, type CallInput, endpoint } from '../internal/endpoint.ts'
import { unreadable } from '../internal/read-answer.ts'
import { checkLoginCode } from '../phone-number/code-shape.ts'
import { createSecret, reveal, type Secret, type SecretInput } from '../secret.ts'

/** What {@link App.code2Session} takes. */
export interface Code2SessionInput {
  /** The code of `wx.login`: works once, for five minutes. Not the code of the phone button. */
  readonly loginCode: SecretInput
}

/** What {@link App.code2Session} gives. */
export interface Code2SessionResult {
  /** The user, within this mini program. */
  readonly openid: string
  /** The user, within an open-platform account; absent when the mini program is bound to none. */
  readonly unionid?: string
  /** Never send it to the client. It has no fixed life: the next `wx.login` may replace it. */
  readonly sessionKey: Secret
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html */
export const jscode2session = endpoint('GET', '/sns/jscode2session', {
  family: 'session',
  repeatable: false,
  singleUse: true,
})

/** What goes to WeChat. No access token: an outage of tokens is none of logins. */
export function code2SessionRequest(
  input: Code2SessionInput,
  app: { appid: string; appSecret: SecretInput },
): CallInput {
  const { loginCode } = checkObject('the input of code2Session', input)
  return {
    query: {
      appid: app.appid,
      secret: reveal(app.appSecret),
      js_code: checkLoginCode(loginCode),
      grant_type: 'authorization_code',
    },
  }
}

/** Reads what came back. A success carries no errcode. An empty openid would make one user of all. */
export function code2SessionResult(answer: Answer): Code2SessionResult {
  const { openid, unionid, session_key } = answer
  if (!isFilled(openid) || !isFilled(session_key)) {
    throw unreadable('an openid and a session_key', jscode2session, answer)
  }
  const sessionKey = createSecret(session_key)
  return isFilled(unionid) ? { openid, unionid, sessionKey } : { openid, sessionKey }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
