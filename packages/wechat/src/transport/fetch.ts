import { badOption } from '../errors/bad-option.ts'
import { WxTransportError } from '../errors/index.ts'
import { checkObject, rules } from '../internal/check.ts'
import { onAbort } from '../internal/on-abort.ts'
import { maxBodyBytes, tooLong } from './body.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/** Settings of {@link fetchTransport}. */
export interface FetchTransportOptions {
  /** The fetch to call. Default is the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

// Failures that come before the first byte is written, as the runtimes name them. fetch tells nothing else
// about how far a request got, so whatever is not listed counts as sent.
const notSentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ConnectionRefused',
  'FailedToOpenSocket',
])
const notSentTexts = /connection refused|dns error|failed to lookup address|tcp connect error/i

/**
 * Reaches WeChat through the runtime's own `fetch`: Bun, Deno, Workers and other places without undici.
 *
 * @param options - a `fetch` of yours, where the runtime's is not the one to use
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const { fetch } = checkObject('options of fetchTransport', options)
  if (fetch !== undefined && typeof fetch !== 'function') throw badOption('fetch', rules.function)
  return { request: (request) => exchange(fetch ?? globalThis.fetch, request) }
}

async function exchange(
  fetch: typeof globalThis.fetch,
  request: TransportRequest,
): Promise<TransportResponse> {
  if (request.signal?.aborted) throw new WxTransportError('ERR_WX_ABORTED', { requestSent: false })
  const stop = new AbortController()
  let why: 'ERR_WX_TIMEOUT' | 'ERR_WX_ABORTED' | undefined
  const stopFor = (code: NonNullable<typeof why>) => () => {
    why ??= code
    stop.abort()
  }
  const timer = setTimeout(stopFor('ERR_WX_TIMEOUT'), request.timeoutMs)
  const unfollow = onAbort(request.signal, stopFor('ERR_WX_ABORTED'))
  try {
    const response = await fetch(request.origin + request.path, {
      method: request.method,
      // Workers know no "error". An answer that redirects is refused where answers are read.
      redirect: 'manual',
      signal: stop.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
      headers: request.headers ?? (request.body === undefined ? {} : { 'content-type': 'application/json' }),
    })
    return await read(response, request.wantsBytes === true)
  } catch (error) {
    if (error instanceof WxTransportError) throw error
    const requestSent = why !== undefined || !failedBeforeSending(error)
    throw new WxTransportError(why ?? (requestSent ? 'ERR_WX_CONNECTION_LOST' : 'ERR_WX_NOT_SENT'), {
      requestSent,
      cause: plainCause(error),
    })
  } finally {
    clearTimeout(timer)
    unfollow()
  }
}

async function read(response: Response, wantsBytes: boolean): Promise<TransportResponse> {
  const { status } = response
  const headers = Object.fromEntries(response.headers)
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (;;) {
    const piece = await reader?.read()
    if (piece?.value === undefined) break
    length += piece.value.length
    if (length > maxBodyBytes) {
      reader?.cancel().catch(() => {})
      throw tooLong(status)
    }
    chunks.push(piece.value)
  }
  const bytes = joined(chunks, length)
  return wantsBytes
    ? { status, headers, body: '', bytes }
    : { status, headers, body: new TextDecoder().decode(bytes) }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1) return only
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function failedBeforeSending(error: unknown): boolean {
  for (let at = error as { code?: unknown; message?: unknown; cause?: unknown } | undefined; at; ) {
    if (typeof at.code === 'string' && notSentCodes.has(at.code)) return true
    if (typeof at.message === 'string' && notSentTexts.test(at.message)) return true
    at = at.cause as typeof at
  }
  return false
}
