import { WxApiError, WxTransportError } from '../errors/index.ts'
import type { TransportResponse } from '../transport/types.ts'
import type { Answer, Endpoint } from './endpoint.ts'

/**
 * Reads a response as WeChat means it: the text is JSON whatever the content type says, an error is an
 * `errcode` other than 0 whatever the status says, and a success may lack `errcode`.
 */
export function readAnswer(response: TransportResponse, endpoint: Endpoint): Answer {
  const answer = parse(response.body)
  if (answer === undefined) throw badResponse(response, endpoint)
  throwOnErrcode(answer, endpoint)
  if (response.status >= 400) throw badResponse(response, endpoint)
  return answer
}

/** Throws when an answer carries an errcode other than 0. */
export function throwOnErrcode(answer: Answer, endpoint: Endpoint): void {
  const errcode = answer.errcode
  if (errcode === undefined || errcode === 0 || errcode === '0') return
  const errmsg = typeof answer.errmsg === 'string' ? answer.errmsg : ''
  throw new WxApiError({ errcode: Number(errcode), errmsg }, endpoint)
}

/** An answer that lacks what it must have. */
export function missing(what: string, endpoint: Endpoint): WxTransportError {
  return new WxTransportError('ERR_WX_BAD_RESPONSE', {
    requestSent: true,
    detail: `${endpoint.path}: ${what} is missing from the answer`,
  })
}

// The parser's own message quotes the text, which may hold a session key or a number.
function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Answer)
      : undefined
  } catch {
    return undefined
  }
}

function badResponse({ status, body }: TransportResponse, endpoint: Endpoint): WxTransportError {
  const noLength = status === 412 && body === ''
  const detail = noLength
    ? `${endpoint.path}: HTTP 412, the request reached WeChat without Content-Length; look for a proxy that re-chunks bodies`
    : `${endpoint.path}: HTTP ${status}, ${body.length} characters that are not the expected JSON`
  return new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: !noLength, status, detail })
}
