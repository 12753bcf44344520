import type { ErrorCode } from '@haoma/protocol'
import { type AnyWxError, isWxError, type WxErrorCode, type WxErrorKind } from '@haoma/wechat'
import { HaomaError } from '../kernel/errors.ts'
import type { CodeKind } from '../stores/exchange-store.ts'
import type { CodeEvent } from './transitions.ts'

/** What a failed call means for the code it was made with. */
export interface CallFailure {
  error: HaomaError
  /** What it is to the code, in the words of the table of transitions. */
  event: Extract<CodeEvent, 'denied' | 'barred' | 'unreadable' | 'untouched' | 'unanswered'>
}

interface Meaning {
  code: ErrorCode
  event: CallFailure['event']
}

const denied = (code: ErrorCode): Meaning => ({ code, event: 'denied' })
const barred = (code: ErrorCode): Meaning => ({ code, event: 'barred' })
const untouched = (code: ErrorCode): Meaning => ({ code, event: 'untouched' })
const unanswered = (code: ErrorCode): Meaning => ({ code, event: 'unanswered' })
const unreadable = (code: ErrorCode): Meaning => ({ code, event: 'unreadable' })

/** By kind of error. `code` depends on which code was sent. */
const byKind: Record<Exclude<WxErrorKind, 'code' | 'unreadable'>, Meaning> = {
  token: untouched('WECHAT_BUSY'),
  config: untouched('WECHAT_MISCONFIGURED'),
  permission: untouched('WECHAT_MISCONFIGURED'),
  quota: untouched('WECHAT_QUOTA'),
  busy: unanswered('WECHAT_BUSY'),
  'user-risk': barred('USER_BLOCKED'),
  transport: untouched('WECHAT_UNREACHABLE'),
  unknown: untouched('WECHAT_UNEXPECTED'),
}

/** Where one code says more than its kind. */
const byCode: Partial<Record<WxErrorCode, Meaning>> = {
  ERR_WX_OUTCOME_UNKNOWN: unanswered('WECHAT_NO_ANSWER'),
  ERR_WX_BAD_RESPONSE: unanswered('WECHAT_NO_ANSWER'),
  ERR_WX_APP_NOT_REGISTERED: untouched('UNKNOWN_APP'),
  ERR_WX_LOGIN_CODE_AS_PHONE_CODE: barred('LOGIN_CODE_AS_PHONE_CODE'),
  ERR_WX_PHONE_CODE_AS_LOGIN_CODE: barred('PHONE_CODE_AS_LOGIN_CODE'),
  ERR_WX_APPID_MISMATCH: barred('PHONE_APP_MISMATCH'),
}

/** Where WeChat's number says more than its kind. 40013 is of kind `code` only on the phone call. */
const byErrcode: Record<number, Partial<Record<WxErrorKind, Meaning>>> = {
  40013: { code: barred('PHONE_APP_MISMATCH') },
  45011: { busy: untouched('WECHAT_BUSY') },
}

const invalid: Record<CodeKind, ErrorCode> = { login: 'LOGIN_CODE_INVALID', phone: 'PHONE_CODE_INVALID' }

/** WeChat answered in full and nobody can read it: the code is spent. */
const unreadableAnswer: Record<CodeKind, ErrorCode> = {
  login: 'WECHAT_UNEXPECTED',
  phone: 'PHONE_UNREADABLE',
}

/**
 * Frequency limits are per minute, so the next minute is the next chance.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/errCode
 */
const ERRCODE_MINUTE_LIMIT = 45011

const retryAfterS: Partial<Record<ErrorCode, number>> = {
  WECHAT_BUSY: 1,
  WECHAT_NO_ANSWER: 1,
  WECHAT_UNREACHABLE: 2,
}

/** Reads an error thrown by the SDK. Anything else is thrown on: it is a fault of ours. */
export function readCallFailure(thrown: unknown, kind: CodeKind): CallFailure {
  if (!isWxError(thrown)) throw thrown
  // Of a call with no known outcome, the cause says what WeChat said, if it said anything.
  const told = thrown.code === 'ERR_WX_OUTCOME_UNKNOWN' && isApiError(thrown.cause) ? thrown.cause : thrown
  const { code, event } = meaningOf(told, kind)
  const { errcode, rid } = wechatPart(told)
  const details = {
    cause: thrown,
    retryAfterS: errcode === ERRCODE_MINUTE_LIMIT ? 60 : retryAfterS[code],
    ...(errcode !== undefined && { wechat: { errcode, ...(rid && { rid }) } }),
  }
  return { error: new HaomaError(code, details), event: told === thrown ? event : 'unanswered' }
}

function meaningOf(error: AnyWxError, kind: CodeKind): Meaning {
  const { errcode } = wechatPart(error)
  const particular =
    byCode[error.code] ?? (errcode === undefined ? undefined : byErrcode[errcode]?.[error.kind])
  if (particular) return particular
  // An answer that failed verification came whole, too: API security refuses nothing before it is sent.
  if (error.kind === 'unreadable' || error.code === 'ERR_WX_API_SECURITY') {
    return unreadable(unreadableAnswer[kind])
  }
  return error.kind === 'code' ? denied(invalid[kind]) : byKind[error.kind]
}

function isApiError(error: unknown): error is AnyWxError {
  return isWxError(error) && 'errcode' in error
}

function wechatPart(error: AnyWxError): { errcode?: number; rid?: string } {
  return {
    ...('errcode' in error && typeof error.errcode === 'number' && { errcode: error.errcode }),
    ...('rid' in error && typeof error.rid === 'string' && { rid: error.rid }),
  }
}
