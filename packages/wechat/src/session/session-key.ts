import { sessionSignature } from '../encrypted-data/signatures.ts'
import { WxApiError } from '../errors/index.ts'
import { checkObject, checkSecret, checkText } from '../internal/check.ts'
import { type ApiCall, type CallInput, endpoint } from '../internal/endpoint.ts'
import { unreadable } from '../internal/read-answer.ts'
import { createSecret, type Secret, type SecretInput } from '../secret.ts'

/** A user and the session key that `code2Session` gave. */
export interface SessionKeyInput {
  readonly openid: string
  readonly sessionKey: SecretInput
}

/** What {@link ApiCalls.resetSessionKey} gives. */
export interface ResetSessionKeyResult {
  readonly openid: string
  /** The new key. It dies when the old one would have. */
  readonly sessionKey: Secret
}

const check = endpoint('GET', '/wxa/checksession', { family: 'session' })
const reset = endpoint('GET', '/wxa/resetusersessionkey', { family: 'session', repeatable: false })

async function signed(input: SessionKeyInput): Promise<CallInput> {
  const { openid, sessionKey } = checkObject('the input', input)
  const signature = await sessionSignature(checkSecret('sessionKey', sessionKey))
  return { query: { openid: checkText('openid', openid), signature, sig_method: 'hmac_sha256' } }
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html */
export const checkSession: ApiCall<SessionKeyInput, boolean> = {
  endpoint: check,
  request: signed,
  result: () => true,
}

/** Whether an error says that the session key is no longer the user's: 87007 it is gone, 87009 it is another. */
export function isSessionOver(error: unknown): boolean {
  return error instanceof WxApiError && (error.errcode === 87007 || error.errcode === 87009)
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey.html */
export const resetSessionKey: ApiCall<SessionKeyInput, ResetSessionKeyResult> = {
  endpoint: reset,
  request: signed,
  result(answer) {
    const { openid, session_key } = answer
    const isRead = typeof openid === 'string' && typeof session_key === 'string' && session_key !== ''
    if (!isRead) throw unreadable('an openid and a session_key', reset, answer)
    return { openid, sessionKey: createSecret(session_key) }
  },
}
