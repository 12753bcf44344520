import { WxTransportError } from '../errors/index.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/** Settings of {@link fetchTransport}. */
export interface FetchTransportOptions {
  /** The fetch to call. Default is the runtime's own. */
  readonly fetch?: typeof globalThis.fetch
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
  return { request: (request) => exchange(options.fetch ?? globalThis.fetch, request) }
}

async function exchange(
  fetch: typeof globalThis.fetch,
  request: TransportRequest,
): Promise<TransportResponse> {
  const stop = new AbortController()
  let why: 'ERR_WX_TIMEOUT' | 'ERR_WX_ABORTED' | undefined
  const stopFor = (code: NonNullable<typeof why>) => () => {
    why ??= code
    stop.abort()
  }
  const timer = setTimeout(stopFor('ERR_WX_TIMEOUT'), request.timeoutMs)
  const onAbort = stopFor('ERR_WX_ABORTED')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await fetch(request.origin + request.path, {
      method: request.method,
      redirect: 'error',
      signal: stop.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
      headers: request.headers ?? (request.body === undefined ? {} : { 'content-type': 'application/json' }),
    })
    const body = await response.text()
    return { status: response.status, headers: Object.fromEntries(response.headers), body }
  } catch (error) {
    const requestSent = why !== undefined || !failedBeforeSending(error)
    throw new WxTransportError(why ?? (requestSent ? 'ERR_WX_CONNECTION_LOST' : 'ERR_WX_NOT_SENT'), {
      requestSent,
      cause: plainCause(error),
    })
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', onAbort)
  }
}

function failedBeforeSending(error: unknown): boolean {
  for (let at = error as { code?: unknown; message?: unknown; cause?: unknown } | undefined; at; ) {
    if (typeof at.code === 'string' && notSentCodes.has(at.code)) return true
    if (typeof at.message === 'string' && notSentTexts.test(at.message)) return true
    at = at.cause as typeof at
  }
  return false
}
