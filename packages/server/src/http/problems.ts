import { type ErrorCode, errorTable, type Problem } from '@haoma/protocol'
import { HTTPException } from 'hono/http-exception'
import { HaomaError } from '../kernel/errors.ts'
import { StoreConflictError, StoreUnavailableError } from '../stores/errors.ts'
import type { Language } from './language.ts'

const RETRY_AFTER_STORE_S = 1

/**
 * Turns whatever was thrown into an error of our wire. Nothing of an unknown error gets out but its code.
 */
export function toHaomaError(thrown: unknown): HaomaError {
  if (thrown instanceof HaomaError) return thrown
  if (thrown instanceof StoreUnavailableError || thrown instanceof StoreConflictError) {
    return new HaomaError('STORE_UNAVAILABLE', { cause: thrown, retryAfterS: RETRY_AFTER_STORE_S })
  }
  if (thrown instanceof HTTPException) return fromHttpException(thrown)
  return new HaomaError('INTERNAL', { cause: thrown })
}

/** The framework throws these for a body that is not JSON. */
function fromHttpException(thrown: HTTPException): HaomaError {
  if (thrown.status >= 500) return new HaomaError('INTERNAL', { cause: thrown })
  return new HaomaError('BAD_REQUEST', {
    cause: thrown,
    issues: [{ path: '', message: '请求体不是有效的 JSON。 / The body is not valid JSON.' }],
  })
}

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
export function toProblem(
  error: HaomaError,
  { language, requestId }: { language: Language; requestId: string },
): Problem {
  const { status, action, title, text } = errorTable[error.code]
  return {
    type: problemType(error.code),
    title,
    status,
    detail: text[language],
    code: error.code,
    action,
    texts: text,
    requestId,
    ...(error.retryAfterS !== undefined && { retryAfterS: error.retryAfterS }),
    ...(error.wechat && { wechat: error.wechat }),
    ...(error.issues && { issues: error.issues }),
  }
}

export function problemType(code: ErrorCode): string {
  return `urn:haoma:error:${code}`
}
