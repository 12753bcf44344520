import { WxApiError, WxTransportError, WxUnreadableAnswerError } from '../errors/index.ts'
import { createSecret } from '../secret.ts'
import { withoutByteOrderMark } from '../transport/body.ts'
import type { TransportResponse } from '../transport/types.ts'
import type { Answer, Endpoint } from './endpoint.ts'

/**
 * Reads a response as WeChat means it: the text is JSON whatever the content type says, an error is an
 * `errcode` other than 0 whatever the status says, and a success may lack `errcode`.
 */
export function readAnswer(response: TransportResponse, endpoint: Endpoint): Answer {
  const answer = parse(response.body)
  if (!isObject(answer)) {
    const isWhole = answer !== undefined && isSuccess(response)
    throw isWhole ? unreadable('a JSON object', endpoint, response.body) : badResponse(response, endpoint)
  }
  throwOnErrcode(answer, endpoint)
  if (!isSuccess(response)) throw badResponse(response, endpoint)
  return answer
}

/** Throws when an answer carries an errcode other than 0. */
export function throwOnErrcode(answer: Answer, endpoint: Endpoint): void {
  const { errcode } = answer
  // Relays and mocks write "no error" in many ways.
  if (errcode === undefined || errcode === 0 || errcode === null || errcode === false) return
  const number = typeof errcode === 'number' || typeof errcode === 'string' ? Number(errcode) : Number.NaN
  if (number === 0) return
  if (!Number.isInteger(number)) throw unreadable('an errcode that is a number', endpoint, answer)
  const errmsg = typeof answer.errmsg === 'string' ? answer.errmsg : ''
  throw new WxApiError({ errcode: number, errmsg }, endpoint)
}

/** A whole answer that lacks what it must have, or has it in no form that can be read. */
export function unreadable(
  what: string,
  { path }: Pick<Endpoint, 'path'>,
  raw: unknown,
): WxUnreadableAnswerError {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw)
  return new WxUnreadableAnswerError({
    detail: `${path}: the answer has not ${what}`,
    answer: createSecret(text),
  })
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A moment that WeChat gives in Unix seconds, as a number or a text; `undefined` when it is none. */
export function readTime(seconds: unknown): Date | undefined {
  const number = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds
  if (typeof number !== 'number' || !(number > 0)) return undefined
  const time = new Date(number * 1000)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** A count that WeChat gives as a number or a text; `undefined` when it is none. */
export function readCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

// A redirect is no success: nothing follows one, and in browsers its status is 0.
function isSuccess({ status }: TransportResponse): boolean {
  return status >= 200 && status < 300
}

// The parser's own message quotes the text, which may hold a session key or a number.
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {}
  try {
    return JSON.parse(withControlsEscaped(withoutByteOrderMark(text)))
  } catch {
    return undefined
  }
}

/** WeChat copies texts of users into its answers with their tabs and line ends as they are, which JSON forbids. */
function withControlsEscaped(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (literal) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    literal.replace(/[\u0000-\u001f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

function badResponse({ status, body }: TransportResponse, { path }: Endpoint): WxTransportError {
  const noLength = status === 412 && body === ''
  const detail = noLength
    ? `${path}: HTTP 412, the request reached WeChat without Content-Length; look for a proxy that re-chunks bodies`
    : status < 200 || (status >= 300 && status < 400)
      ? `${path}: HTTP ${status}, a redirect, which WeChat never answers`
      : `${path}: HTTP ${status}, ${body.length} characters that are not the expected JSON`
  return new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: !noLength, status, detail })
}
