import type { ClientAction, ErrorCode, MergeOffer, Problem, SessionView, Text } from '@haoma/protocol'
import { endings, type LocalReason } from './endings.ts'

/** Why a login did not happen: one of ours, or the `code` of the service's problem document. */
export type LoginErrorReason = LocalReason | ErrorCode

type Facts = Pick<Problem, 'code' | 'action' | 'texts'> & {
  [Name in 'requestId' | 'supportCode' | 'retryAfterS' | 'merge' | 'session']?: Problem[Name] | undefined
}

/**
 * Why a login did not happen, and what to do.
 *
 * Switch on `reason` or on `action`, never on the texts.
 */
export class LoginError extends Error {
  override readonly name = 'LoginError'
  readonly reason: LoginErrorReason
  /** What the page should do; `PhoneLoginButton` does it by itself. */
  readonly action: ClientAction
  /** For the user, in both languages. */
  readonly texts: Text
  /** Quote it when you ask the service's administrator for help. */
  readonly requestId: string | undefined
  /** Eight characters that a person can read out; an operator finds the login with it. */
  readonly supportCode: string | undefined
  /** Seconds to wait before the same request is worth sending again. */
  readonly retryAfterS: number | undefined
  /** With `resolve-conflict`: the ticket with which the two accounts can be joined. */
  readonly merge: MergeOffer | undefined
  /** With `resolve-conflict` and `verify-number` on a login: who the caller is without the number. */
  readonly session: SessionView | undefined

  constructor(reason: LocalReason | Facts, options?: ErrorOptions & { action?: ClientAction | undefined }) {
    const facts: Partial<Facts> & Pick<Problem, 'action' | 'texts'> =
      typeof reason === 'string' ? endings[reason] : reason
    const name = typeof reason === 'string' ? reason : reason.code
    super(`${name}: ${facts.texts.en}`, options)
    this.reason = name
    this.action = options?.action ?? facts.action
    this.texts = facts.texts
    this.requestId = facts.requestId
    this.supportCode = facts.supportCode
    this.retryAfterS = facts.retryAfterS
    this.merge = facts.merge
    this.session = facts.session
  }
}

/** The value itself when it is a {@link LoginError}; anything else is a fault of ours and becomes `unknown`. */
export function toLoginError(value: unknown): LoginError {
  return value instanceof LoginError ? value : new LoginError('unknown', { cause: value })
}

/** The same error with another way on. */
export function withAction(error: LoginError, action: ClientAction): LoginError {
  return error.action === action
    ? error
    : new LoginError({ ...error, code: error.reason as ErrorCode }, { action })
}
