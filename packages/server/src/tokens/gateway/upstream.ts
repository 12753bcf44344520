import { Pool } from 'undici'
import { HaomaError } from '../../kernel/errors.ts'
import type { GatewayBody } from './request-body.ts'

/** A request as it goes to WeChat. The path carries the access token: it is never logged nor put into an error. */
export interface UpstreamRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: GatewayBody
}

export interface UpstreamAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: AsyncIterable<Buffer>
}

/** WeChat, as the gateway reaches it: bytes there and back, of any kind and length. */
export interface Upstream {
  /** @throws {HaomaError} `WECHAT_UNREACHABLE` when nothing was sent, else `WECHAT_NO_ANSWER` */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>
  close(): Promise<void>
}

const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * @param hosts - of WeChat's API, first choice first; the next is tried when a connection cannot be opened
 * @param timeoutMs - the longest pause of WeChat's, before its answer or within it
 */
export function createUpstream(hosts: readonly string[], timeoutMs: number): Upstream {
  const pools = hosts.map((host) => {
    const { origin, pathname } = new URL(host)
    return { pool: new Pool(origin, { connections: 64 }), basePath: pathname.replace(/\/+$/, '') }
  })

  return {
    send: async ({ method, path, headers, body }) => {
      let failure: unknown
      for (const { pool, basePath } of pools) {
        try {
          const answer = await pool.request({
            method: method as 'GET',
            path: basePath + path,
            headers: { ...headers, ...lengthOf(body) },
            body: body.kind === 'none' ? null : body.kind === 'buffered' ? body.bytes : body.stream,
            headersTimeout: timeoutMs,
            bodyTimeout: timeoutMs,
          })
          return { status: answer.statusCode, headers: answer.headers, body: answer.body }
        } catch (thrown) {
          failure = thrown
          // A stream that was read from cannot be sent again.
          if (!notSent.has((thrown as { code?: string }).code ?? '') || body.kind === 'streamed') break
        }
      }
      throw upstreamError(failure)
    },
    close: async () => {
      await Promise.all(pools.map(({ pool }) => pool.close()))
    },
  }
}

function lengthOf(body: GatewayBody): Record<string, string> {
  if (body.kind === 'none') return {}
  return { 'content-length': String(body.kind === 'buffered' ? body.bytes.length : body.lengthBytes) }
}

/** What undici throws may hold the path, and with it the token: only its code goes on. */
function upstreamError(thrown: unknown): HaomaError {
  const { code = '' } = thrown as { code?: string }
  const cause = new Error(`the gateway's request failed (${code})`)
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return new HaomaError('BAD_REQUEST', { cause })
  if (notSent.has(code)) return new HaomaError('WECHAT_UNREACHABLE', { cause, retryAfterS: 1 })
  return new HaomaError('WECHAT_NO_ANSWER', { cause })
}
