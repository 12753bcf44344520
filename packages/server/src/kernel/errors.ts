import { type ErrorCode, errorTable, type Problem } from '@haoma/protocol'

export interface HaomaErrorDetails {
  cause?: unknown
  /** WeChat's own error, when it was the cause. */
  wechat?: Problem['wechat']
  retryAfterS?: number | undefined
  issues?: Problem['issues']
}

/** An error that a client is told about, by its code in the error table of `@haoma/protocol`. */
export class HaomaError extends Error {
  override readonly name = 'HaomaError'
  readonly code: ErrorCode
  readonly wechat: Problem['wechat']
  readonly retryAfterS: number | undefined
  readonly issues: Problem['issues']

  constructor(code: ErrorCode, details: HaomaErrorDetails = {}) {
    super(errorTable[code].title, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.wechat = details.wechat
    this.retryAfterS = details.retryAfterS
    this.issues = details.issues
  }
}
