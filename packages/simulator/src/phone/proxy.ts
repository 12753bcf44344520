import type { IncomingMessage } from 'node:http'

/** What the page asks the server to send for `wx.request`. */
export interface ProxyRequest {
  url: string
  method: string
  header: Record<string, string>
  /** The body in base64; absent for none. */
  body?: string
  timeoutMs: number
}

/** What came back, or why nothing did. */
export type ProxyAnswer =
  | { statusCode: number; header: Record<string, string>; cookies: string[]; body: string }
  | { failure: ProxyFailure }

/** Named after Chromium's network errors, because WeChat on Android puts those into its `errMsg`. */
export type ProxyFailure =
  | 'timeout'
  | 'CONNECTION_REFUSED'
  | 'NAME_NOT_RESOLVED'
  | 'CONNECTION_RESET'
  | 'CERT_AUTHORITY_INVALID'
  | 'INVALID_URL'
  | 'FAILED'

const failures: Record<string, ProxyFailure> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  ENOTFOUND: 'NAME_NOT_RESOLVED',
  EAI_AGAIN: 'NAME_NOT_RESOLVED',
  ECONNRESET: 'CONNECTION_RESET',
  UND_ERR_SOCKET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'CERT_AUTHORITY_INVALID',
  SELF_SIGNED_CERT_IN_CHAIN: 'CERT_AUTHORITY_INVALID',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CERT_AUTHORITY_INVALID',
  ERR_INVALID_URL: 'INVALID_URL',
}

/** Set by `fetch` itself; a mini program cannot set them either. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
])

/**
 * Sends a mini program's request from the server, where no CORS rule applies, as none does in the WeChat app.
 *
 * Never throws: a request that got no answer is an answer of its own.
 */
export async function sendProxied(request: ProxyRequest, signal: AbortSignal): Promise<ProxyAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs)
  try {
    const answer = await fetch(request.url, {
      method: request.method,
      headers: Object.entries(request.header).filter(([name]) => !ownHeaders.has(name.toLowerCase())),
      signal: AbortSignal.any([timeout, signal]),
      ...(request.body === undefined ? {} : { body: Buffer.from(request.body, 'base64') }),
    })
    return {
      statusCode: answer.status,
      header: Object.fromEntries([...answer.headers].map(([name, value]) => [capitalise(name), value])),
      cookies: answer.headers.getSetCookie(),
      body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    }
  } catch (error) {
    return { failure: timeout.aborted ? 'timeout' : nameFailure(error) }
  }
}

function nameFailure(error: unknown): ProxyFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const known = failures[(cause as NodeJS.ErrnoException).code ?? '']
    if (known !== undefined) return known
  }
  return 'FAILED'
}

/** WeChat hands header names over as servers commonly write them: `Content-Type`. */
function capitalise(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}

/**
 * Whether a request comes from the phone page itself. The proxy must not be a way for any other page in the
 * same browser to reach the developer's network.
 */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return origin !== undefined && host !== undefined && new URL(origin).host === host
}
