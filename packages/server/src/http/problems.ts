import { type ErrorCode, errorTable, type Problem } from '@haoma/protocol'
import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { HaomaError } from '../kernel/errors.ts'
import { supportCodeOf } from '../kernel/ids.ts'
import { StoreConflictError, StoreTextError, StoreUnavailableError } from '../stores/errors.ts'
import { type Language, pickLanguage } from './language.ts'
import { zeroRefused } from './plain-texts.ts'
import type { AppEnv } from './router.ts'

const RETRY_AFTER_STORE_S = 1

/**
 * Turns whatever was thrown into an error of our wire. Nothing of an unknown error gets out but its code.
 */
export function toHaomaError(thrown: unknown): HaomaError {
  if (thrown instanceof HaomaError) return thrown
  if (thrown instanceof StoreUnavailableError || thrown instanceof StoreConflictError) {
    return new HaomaError('STORE_UNAVAILABLE', { cause: thrown, retryAfterS: RETRY_AFTER_STORE_S })
  }
  if (thrown instanceof StoreTextError) return zeroRefused(thrown)
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

interface ProblemNames {
  requestId: string
  supportCode: string | undefined
}

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
function toProblem(
  error: HaomaError,
  { language, requestId, supportCode }: { language: Language } & ProblemNames,
): Problem {
  const { status, action, title } = errorTable[error.code]
  return {
    type: problemType(error.code),
    title,
    status,
    detail: error.text[language],
    code: error.code,
    action,
    texts: error.text,
    requestId,
    ...(supportCode !== undefined && { supportCode }),
    ...(error.retryAfterS !== undefined && { retryAfterS: error.retryAfterS }),
    ...(error.wechat && { wechat: error.wechat }),
    ...(error.issues && { issues: error.issues }),
    ...(error.merge && { merge: error.merge }),
    ...(error.session && { session: error.session }),
  }
}

export function problemType(code: ErrorCode): string {
  return `urn:haoma:error:${code}`
}

/** The form of error of our own calls: a problem document. */
export const answerProblem: ErrorHandler<AppEnv> = (thrown, c) => {
  const error = toHaomaError(thrown)
  logProblem(c, error, errorTable[error.code].status)
  const requestId = c.get('requestId')
  const supportCode = c.get('trace') && supportCodeOf(requestId)
  return problemResponse(error, c.req.raw, requestId, supportCode)
}

/** @param supportCode - Of requests that are in the journal only. */
export function problemResponse(
  error: HaomaError,
  request: Request,
  requestId: string,
  supportCode?: string | undefined,
): Response {
  const language = pickLanguage(request.headers.get('accept-language') ?? undefined)
  const problem = toProblem(error, { language, requestId, supportCode })
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(error.retryAfterS !== undefined && { 'retry-after': String(error.retryAfterS) }),
      ...(problem.status === 401 && { 'www-authenticate': challengeOf(error.code) }),
    },
  })
}

function challengeOf(code: ErrorCode): string {
  return code === 'CLIENT_REQUIRED' ? 'Basic realm="haoma"' : 'Bearer'
}

function logProblem(c: Context<AppEnv>, error: HaomaError, status: number): void {
  const { code, wechat, cause } = error
  const line = { code, ...(wechat && { wechat }) }
  const log = c.get('log')
  if (status < 500) {
    log.info(line, error.message)
  } else {
    // 503 is somebody else's fault and passes; the others are for an administrator to mend.
    log[status === 503 ? 'warn' : 'error']({ ...line, err: cause ?? error }, error.message)
  }
}
