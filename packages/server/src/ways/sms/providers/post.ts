import { Agent } from 'undici'

/** An answer, whatever its status. */
export interface Posted {
  status: number
  text: string
}

/** Nothing was sent: no connection came about. Every other error leaves open what the other side did. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'
}

/** Sends once, and follows no redirect. */
export interface Poster {
  /** @throws {NotSentError} When there is no connection; another error when no whole answer came. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Posted>
  close(): Promise<void>
}

/** Errors of a connection that does not come about, by the names of Node and undici. */
const beforeSending = new Set([
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
])
const CONNECT_MS = 3000
/** A provider's answer is a few hundred bytes. */
const MOST_BYTES = 64 * 1024

/** @param timeoutMs - For one request, with connection and answer. */
export function createPoster(timeoutMs: number): Poster {
  const agent = new Agent({
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs) },
    maxResponseSize: MOST_BYTES,
  })
  return {
    post: async (address, headers, body) => {
      const url = new URL(address)
      try {
        const { statusCode, body: answer } = await agent.request({
          origin: url.origin,
          path: url.pathname,
          method: 'POST',
          headers,
          body,
          signal: AbortSignal.timeout(timeoutMs),
        })
        return { status: statusCode, text: await answer.text() }
      } catch (error) {
        throw isBeforeSending(error)
          ? new NotSentError('no connection to the provider', { cause: error })
          : error
      }
    },
    close: () => agent.close(),
  }
}

function isBeforeSending(error: unknown): boolean {
  const { code, errors = [] } = error as { code?: string; errors?: { code?: string }[] }
  const codes = errors.length > 0 ? errors.map((one) => one.code) : [code]
  return codes.every((one) => one !== undefined && beforeSending.has(one))
}
