import type { Secret } from '../secret.ts'
import { WxError, type WxErrorTexts } from './base.ts'
import { type ApiErrorCode, apiCodes, type LocalErrorCode, localCode, type localCodes } from './codes.ts'
import { type EndpointFamily, type ErrcodeEntry, explainErrcode, type RetryPolicy } from './errcodes.ts'
import { findRid, ridTime } from './rid.ts'

/** WeChat answered with an errcode. */
export class WxApiError extends WxError {
  override readonly name = 'WxApiError'
  override readonly code: ApiErrorCode
  override readonly kind: ErrcodeEntry['kind']
  override readonly retryable: boolean
  override readonly mustTapAgain: boolean
  override readonly mustLoginAgain: boolean
  /** WeChat's number. */
  readonly errcode: number
  /** WeChat's own text, as it came. Its tail differs from endpoint to endpoint: branch on {@link errcode}. */
  readonly errmsg: string
  /** WeChat's request id; look it up in the console or with `getRid`. */
  readonly rid: string | undefined
  /** When WeChat saw the request; the rid carries it. */
  readonly ridAt: Date | undefined
  /** What a repeat of the call could do about it. */
  readonly retryPolicy: RetryPolicy
  /** Path of the call, without its query. */
  readonly path: string

  constructor(answer: { errcode: number; errmsg: string }, call: { path: string; family: EndpointFamily }) {
    const entry = explainErrcode(answer.errcode, call.family)
    super(
      { zh: entry.zh, en: entry.en },
      { message: `${call.path}: errcode ${answer.errcode} (${answer.errmsg}). ${entry.en} / ${entry.zh}` },
    )
    this.kind = entry.kind
    this.code = apiCodes[entry.kind]
    this.retryable = entry.retry !== 'never'
    this.mustTapAgain = entry.mustTapAgain ?? false
    this.mustLoginAgain = entry.mustLoginAgain ?? false
    this.errcode = answer.errcode
    this.errmsg = answer.errmsg
    this.rid = findRid(answer.errmsg)
    this.ridAt = this.rid === undefined ? undefined : ridTime(this.rid)
    this.retryPolicy = entry.retry
    this.path = call.path
  }
}

/** Base of the errors whose texts and policy stand in the table of local codes. */
abstract class WxLocalError<Code extends LocalErrorCode> extends WxError {
  override readonly code: Code
  override readonly kind: (typeof localCodes)[Code]['kind']
  override readonly retryable: boolean
  override readonly mustTapAgain: boolean
  override readonly mustLoginAgain: boolean

  constructor(code: Code, details?: { detail?: string | WxErrorTexts | undefined; cause?: unknown }) {
    const entry = localCode(code)
    const { detail } = details ?? {}
    // What the detail says in both languages is a part of what happened; a bare text is for the log.
    const texts =
      typeof detail === 'object'
        ? { zh: `${detail.zh}。${entry.zh}`, en: `${detail.en}. ${entry.en}` }
        : { zh: entry.zh, en: entry.en }
    const prefix = typeof detail === 'string' ? `${detail}. ` : ''
    super(texts, { message: `${prefix}${texts.en} / ${texts.zh}`, cause: details?.cause })
    this.code = code
    this.kind = entry.kind as (typeof localCodes)[Code]['kind']
    this.retryable = entry.retryable
    this.mustTapAgain = entry.mustTapAgain ?? false
    this.mustLoginAgain = entry.mustLoginAgain ?? false
  }
}

/** Codes of {@link WxTransportError}. */
export type TransportErrorCode =
  | 'ERR_WX_NOT_SENT'
  | 'ERR_WX_TIMEOUT'
  | 'ERR_WX_CONNECTION_LOST'
  | 'ERR_WX_ABORTED'
  | 'ERR_WX_BAD_RESPONSE'

/** The network failed, the time ran out, the caller gave up, or what came back is not WeChat's. */
export class WxTransportError extends WxLocalError<TransportErrorCode> {
  override readonly name = 'WxTransportError'
  /** `false` only when no byte of the request can have reached WeChat. */
  readonly requestSent: boolean
  override readonly retryable: boolean
  /** HTTP status of an `ERR_WX_BAD_RESPONSE`. */
  readonly status: number | undefined

  constructor(
    code: TransportErrorCode,
    details: { requestSent: boolean; status?: number; detail?: string; cause?: unknown },
  ) {
    super(code, details)
    this.requestSent = details.requestSent
    this.status = details.status
    // A gateway's 5xx passes; a page of HTML does not.
    this.retryable = localCode(code).retryable || (details.status ?? 0) >= 500
  }
}

/** A single-use code was sent and nobody knows whether it is spent. `cause` says what happened. */
export class WxOutcomeUnknownError extends WxLocalError<'ERR_WX_OUTCOME_UNKNOWN'> {
  override readonly name = 'WxOutcomeUnknownError'
  constructor(details: { detail?: string; cause: unknown }) {
    super('ERR_WX_OUTCOME_UNKNOWN', details)
  }
}

/**
 * WeChat answered, and the answer came whole, but it lacks what it must have or has it in no form that can be read.
 * Final: the same call, or the same code, gives nothing better.
 */
export class WxUnreadableAnswerError extends WxLocalError<'ERR_WX_UNREADABLE_ANSWER'> {
  override readonly name = 'WxUnreadableAnswerError'
  /** The answer as it came; it may hold phone numbers and session keys, so it does not print. */
  readonly answer: Secret

  constructor(details: { detail: string; answer: Secret }) {
    super('ERR_WX_UNREADABLE_ANSWER', details)
    this.answer = details.answer
  }
}

/** Codes of {@link WxUsageError}. */
export type UsageErrorCode =
  | 'ERR_WX_BAD_OPTION'
  | 'ERR_WX_APP_NOT_REGISTERED'
  | 'ERR_WX_RESOLVE_APP'
  | 'ERR_WX_CLOSED'
  | 'ERR_WX_LOGIN_CODE_AS_PHONE_CODE'
  | 'ERR_WX_PHONE_CODE_AS_LOGIN_CODE'

/** The call cannot be made as it is. Nothing was sent. */
export class WxUsageError extends WxLocalError<UsageErrorCode> {
  override readonly name = 'WxUsageError'
  constructor(code: UsageErrorCode, detail?: string | WxErrorTexts, cause?: unknown) {
    super(code, { detail, cause })
  }
}

/** Codes of {@link WxRefusedDataError}. */
export type RefusedDataErrorCode =
  | 'ERR_WX_APPID_MISMATCH'
  | 'ERR_WX_API_SECURITY'
  | 'ERR_WX_WRONG_SESSION_KEY'
  | 'ERR_WX_DATA_TOO_OLD'
  | 'ERR_WX_NO_PHONE_NUMBER'

/** Data came, in an answer or from a page, that cannot be read or must not be used. */
export class WxRefusedDataError extends WxLocalError<RefusedDataErrorCode> {
  override readonly name = 'WxRefusedDataError'
  /** What exactly was wrong, where there are several ways. */
  readonly detail: string | undefined
  /** The answer of WeChat's that was refused; the code that it answers is then most likely spent. It does not print. */
  readonly answer: Secret | undefined

  constructor(
    code: RefusedDataErrorCode,
    details?: { detail?: string | undefined; cause?: unknown; answer?: Secret },
  ) {
    super(code, details)
    this.detail = details?.detail
    this.answer = details?.answer
  }
}

/** Codes of {@link WxAccessTokenError}. */
export type AccessTokenErrorCode =
  | 'ERR_WX_TOKEN_SERVICE_REFUSED'
  | 'ERR_WX_TOKEN_SOURCE'
  | 'ERR_WX_TOKEN_BUDGET'
  | 'ERR_WX_FORCE_REFRESH_LIMIT'

/** There is no access token to be had right now. */
export class WxAccessTokenError extends WxLocalError<AccessTokenErrorCode> {
  override readonly name = 'WxAccessTokenError'
  /** When it makes sense to ask again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: AccessTokenErrorCode,
    details?: { detail?: string; cause?: unknown; retryAfterMs?: number },
  ) {
    super(code, details)
    this.retryAfterMs = details?.retryAfterMs
  }
}
