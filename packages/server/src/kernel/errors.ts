import { type ErrorCode, errorTable, type MergeOffer, type Problem, type Text } from '@haoma/protocol'

export interface HaomaErrorDetails {
  cause?: unknown
  /** What to do, where this occurrence has more to say than the table. */
  text?: Text | undefined
  /** WeChat's own error, when it was the cause. */
  wechat?: Problem['wechat']
  retryAfterS?: number | undefined
  issues?: Problem['issues']
  /** The way out of a conflict. */
  merge?: MergeOffer | undefined
  /** Tokens of who is signed in all the same. */
  session?: Problem['session']
}

/** An error that a client is told about, by its code in the error table of `@haoma/protocol`. */
export class HaomaError extends Error {
  override readonly name = 'HaomaError'
  readonly code: ErrorCode
  readonly text: Text
  readonly wechat: Problem['wechat']
  readonly retryAfterS: number | undefined
  readonly issues: Problem['issues']
  readonly merge: MergeOffer | undefined
  readonly session: Problem['session']

  constructor(code: ErrorCode, details: HaomaErrorDetails = {}) {
    super(errorTable[code].title, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.text = details.text ?? errorTable[code].text
    this.wechat = details.wechat
    this.retryAfterS = details.retryAfterS
    this.issues = details.issues
    this.merge = details.merge
    this.session = details.session
  }
}
