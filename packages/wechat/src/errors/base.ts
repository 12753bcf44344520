import type { WxErrorCode, WxErrorKind } from './codes.ts'

/** A text in Chinese and English. */
export interface WxErrorTexts {
  readonly zh: string
  readonly en: string
}

const brand: unique symbol = Symbol.for('haoma.wechat.error') as never

/**
 * Every error of this package. Switch on {@link WxError.code} or {@link WxError.kind}, never on the message.
 *
 * No message, no enumerable property and no cause holds a secret, a code, a phone number or a query string.
 */
export abstract class WxError extends Error {
  /** Stable, machine-readable code. Never reworded after a release. */
  abstract readonly code: WxErrorCode
  /** The class of the cause; each has one policy. */
  abstract readonly kind: WxErrorKind
  /**
   * Whether the same call, repeated unchanged, may succeed. A single-use code is never spent by a call that
   * failed with `retryable: true`.
   */
  abstract readonly retryable: boolean
  /** Whether the user must tap the phone button again, because the phone code is of no more use. */
  readonly mustTapAgain: boolean = false
  /** Whether the client must call `wx.login` again, because the login code or session key is of no more use. */
  readonly mustLoginAgain: boolean = false
  /** What happened and what to do, in Chinese and English. */
  readonly texts: WxErrorTexts

  constructor(texts: WxErrorTexts, details: { message: string; cause?: unknown }) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.texts = texts
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Tells an error of this package from any other, also across two copies of the package. */
export function isBranded(value: unknown): boolean {
  return typeof value === 'object' && value !== null && brand in value
}
