import type { ClientAction, ErrorCode, Problem, Text } from '@haoma/protocol'
import { type LocalReason, localReasons } from './local-reasons.ts'

/** Why a login did not happen: one of ours, or the `code` of the service's problem document. */
export type LoginErrorReason = LocalReason | ErrorCode

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
  /** Seconds to wait before the same request is worth sending again. */
  readonly retryAfterS: number | undefined

  constructor(reason: LocalReason | Problem, options?: ErrorOptions) {
    const facts = typeof reason === 'string' ? { ...localReasons[reason], code: reason } : reason
    super(`${facts.code}: ${facts.texts.en}`, options)
    this.reason = facts.code
    this.action = facts.action
    this.texts = facts.texts
    this.requestId = 'requestId' in facts ? facts.requestId : undefined
    this.retryAfterS = 'retryAfterS' in facts ? facts.retryAfterS : undefined
  }
}

/** The value itself when it is a {@link LoginError}; anything else is a fault of ours and becomes `unknown`. */
export function toLoginError(value: unknown): LoginError {
  return value instanceof LoginError ? value : new LoginError('unknown', { cause: value })
}
