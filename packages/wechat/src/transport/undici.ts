import { type Dispatcher, Pool } from 'undici'
import { WxTransportError } from '../errors/index.ts'
import { createDeadlines, type Deadlines } from './deadlines.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/** Settings of {@link undiciTransport}. */
export interface UndiciTransportOptions {
  /** Connections per host; calls beyond them wait for their turn. Default is 64. */
  readonly connections?: number
  /** Time to open a connection, TLS included, in milliseconds. Default is 3000, so that another host gets its turn. */
  readonly connectTimeoutMs?: number
  /** A dispatcher of yours for every host: a proxy agent, an agent with your certificates, a mock. */
  readonly dispatcher?: Dispatcher
}

const jsonHeaders = { 'content-type': 'application/json' }

/**
 * Reaches WeChat through undici: one pool of keep-alive connections per host. The default on Node.
 *
 * @param options - sizes and time-outs; the defaults suit a login service
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  const pools = new Map<string, Dispatcher>()
  const deadlines = createDeadlines()

  function poolOf(origin: string): Dispatcher {
    let pool = pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: options.connections ?? 64,
        connectTimeout: options.connectTimeoutMs ?? 3000,
      })
      pools.set(origin, pool)
    }
    return pool
  }

  return {
    request: (request) => exchange(request, options.dispatcher ?? poolOf(request.origin), deadlines),
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((pool) => pool.close()))
    },
  }
}

// undici's request() builds a readable stream for every body. WeChat's bodies are a few hundred bytes: the
// dispatcher's own callbacks are enough, and they tell when a request starts to be written, on which rests
// whether a single-use code may be sent again.
function exchange(
  request: TransportRequest,
  dispatcher: Dispatcher,
  deadlines: Deadlines,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const { signal } = request
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: TransportResponse['headers'] = {}
    const chunks: Buffer[] = []
    let isOver = false

    const watched = deadlines.watch(request.timeoutMs, () => stop('ERR_WX_TIMEOUT'))
    signal?.addEventListener('abort', onAbort, { once: true })

    function onAbort(): void {
      stop('ERR_WX_ABORTED')
    }

    function finish(): boolean {
      if (isOver) return false
      isOver = true
      deadlines.forget(watched)
      signal?.removeEventListener('abort', onAbort)
      return true
    }

    function stop(code: 'ERR_WX_TIMEOUT' | 'ERR_WX_ABORTED'): void {
      if (!finish()) return
      reject(new WxTransportError(code, { requestSent: controller !== undefined }))
      controller?.abort(new Error(code))
    }

    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        body: request.body ?? null,
        headers: request.headers ?? (request.body === undefined ? null : jsonHeaders),
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        onRequestStart(started) {
          // The time ran out while this request waited for a connection: it is taken back before it is written.
          if (isOver) started.abort(new Error('no longer wanted'))
          else controller = started
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode
          headers = responseHeaders
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          if (!finish()) return
          const only = chunks.length === 1 ? chunks[0] : undefined
          resolve({ status, headers, body: (only ?? Buffer.concat(chunks)).toString() })
        },
        onResponseError(_controller, error) {
          if (!finish()) return
          const requestSent = controller !== undefined
          reject(
            new WxTransportError(requestSent ? 'ERR_WX_CONNECTION_LOST' : 'ERR_WX_NOT_SENT', {
              requestSent,
              cause: plainCause(error),
            }),
          )
        },
      },
    )
  })
}
