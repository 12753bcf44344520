import { isBranded } from './base.ts'
import type {
  WxAccessTokenError,
  WxApiError,
  WxOutcomeUnknownError,
  WxRefusedDataError,
  WxTransportError,
  WxUnreadableAnswerError,
  WxUsageError,
} from './classes.ts'

export { WxError, type WxErrorTexts } from './base.ts'
export {
  type AccessTokenErrorCode,
  type RefusedDataErrorCode,
  type TransportErrorCode,
  type UsageErrorCode,
  WxAccessTokenError,
  WxApiError,
  WxOutcomeUnknownError,
  WxRefusedDataError,
  WxTransportError,
  WxUnreadableAnswerError,
  WxUsageError,
} from './classes.ts'
export type { ApiErrorCode, LocalErrorCode, WxErrorCode, WxErrorKind } from './codes.ts'
export { type EndpointFamily, type ErrcodeEntry, explainErrcode, type RetryPolicy } from './errcodes.ts'

/** Every error of this package, for exhaustive switches. */
export type AnyWxError =
  | WxAccessTokenError
  | WxApiError
  | WxOutcomeUnknownError
  | WxRefusedDataError
  | WxTransportError
  | WxUnreadableAnswerError
  | WxUsageError

/** Tells an error of this package from any other, also across two copies of the package. */
export function isWxError(value: unknown): value is AnyWxError {
  return isBranded(value)
}
