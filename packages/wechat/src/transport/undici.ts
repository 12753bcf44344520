import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { type Dispatcher, Pool } from 'undici'
import { badOption } from '../errors/bad-option.ts'
import { WxTransportError } from '../errors/index.ts'
import { checkCount, checkObject, checkTime } from '../internal/check.ts'
import { onAbort } from '../internal/on-abort.ts'
import { maxBodyBytes, notDecoded, tooLong, withoutByteOrderMark } from './body.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/** Settings of {@link undiciTransport}. */
export interface UndiciTransportOptions {
  /** Connections per host; calls beyond them wait for their turn. Default is 64. */
  readonly connections?: number | undefined
  /** Time to open a connection, TLS included, in milliseconds. Default is 3000, so that another host gets its turn. */
  readonly connectTimeoutMs?: number | undefined
  /** A dispatcher of yours for every host: a proxy agent, an agent with your certificates, a mock. */
  readonly dispatcher?: Dispatcher | undefined
}

const jsonHeaders = { 'content-type': 'application/json' }

/**
 * Reaches WeChat through undici: one pool of keep-alive connections per host. The default on Node.
 *
 * @param options - sizes and time-outs; the defaults suit a login service
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  const { connections, connectTimeoutMs, dispatcher } = checkSettings(options)
  const pools = new Map<string, Dispatcher>()

  function poolOf(origin: string): Dispatcher {
    let pool = pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections,
        connectTimeout: connectTimeoutMs,
      })
      pools.set(origin, pool)
    }
    return pool
  }

  return {
    request: (request) => exchange(request, dispatcher ?? poolOf(request.origin)),
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((pool) => pool.close()))
    },
  }
}

function checkSettings(options: UndiciTransportOptions) {
  const {
    connections = 64,
    connectTimeoutMs,
    dispatcher,
  } = checkObject('options of undiciTransport', options)
  if (dispatcher !== undefined && typeof dispatcher?.dispatch !== 'function') {
    throw badOption('dispatcher', { en: 'must be a dispatcher of undici', zh: '应为 undici 的 dispatcher' })
  }
  return {
    connections: checkCount('connections', connections, [1, 65_535]),
    connectTimeoutMs: checkTime('connectTimeoutMs', connectTimeoutMs, 3000),
    dispatcher,
  }
}

// undici's request() builds a readable stream for every body. WeChat's bodies are a few hundred bytes: the
// dispatcher's own callbacks are enough, and they tell when a request starts to be written, on which rests
// whether a single-use code may be sent again.
function exchange(request: TransportRequest, dispatcher: Dispatcher): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const { signal } = request
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: TransportResponse['headers'] = {}
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    let length = 0
    let isOver = false

    if (signal?.aborted) return reject(new WxTransportError('ERR_WX_ABORTED', { requestSent: false }))
    const timer = setTimeout(stop, request.timeoutMs, 'ERR_WX_TIMEOUT')
    const unfollow = signal === undefined ? undefined : onAbort(signal, () => stop('ERR_WX_ABORTED'))

    function finish(): boolean {
      if (isOver) return false
      isOver = true
      clearTimeout(timer)
      unfollow?.()
      return true
    }

    function fail(error: WxTransportError): void {
      if (!finish()) return
      reject(error)
      controller?.abort(error)
    }

    function stop(code: 'ERR_WX_TIMEOUT' | 'ERR_WX_ABORTED'): void {
      fail(new WxTransportError(code, { requestSent: controller !== undefined }))
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
          length += chunk.length
          if (length > maxBodyBytes) return fail(tooLong(status))
          if (first === undefined) first = chunk
          else if (rest === undefined) rest = [first, chunk]
          else rest.push(chunk)
        },
        onResponseEnd() {
          if (!finish()) return
          try {
            const raw = rest === undefined ? first : Buffer.concat(rest)
            resolve(responseOf({ status, headers }, raw, request.wantsBytes === true))
          } catch (error) {
            reject(error)
          }
        },
        onResponseError(_controller, error) {
          const requestSent = controller !== undefined
          const code = requestSent ? 'ERR_WX_CONNECTION_LOST' : 'ERR_WX_NOT_SENT'
          if (!isOver) fail(new WxTransportError(code, { requestSent, cause: plainCause(error) }))
        },
      },
    )
  })
}

type Head = Pick<TransportResponse, 'status' | 'headers'>

function responseOf({ status, headers }: Head, raw: Buffer | undefined, wantsBytes: boolean) {
  if (raw === undefined)
    return { status, headers, body: '', bytes: wantsBytes ? new Uint8Array() : undefined }
  const encoding = headers['content-encoding']
  const bytes = encoding === undefined ? raw : decoded(raw, String(encoding), status)
  if (wantsBytes) return { status, headers, body: '', bytes }
  return { status, headers, body: withoutByteOrderMark(bytes.toString()), bytes: undefined }
}

const decoders: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

// Nothing asks for an encoding, but relays between here and WeChat encode all the same.
function decoded(raw: Buffer, encodings: string, status: number): Buffer {
  let bytes = raw
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    const name = encoding.trim()
    if (name === '' || name === 'identity') continue
    const decode = decoders[name]
    if (decode === undefined) throw notDecoded(status, new Error(`unknown content-encoding ${name}`))
    try {
      bytes = decode(bytes, { maxOutputLength: maxBodyBytes })
    } catch (cause) {
      throw (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLong(status)
        : notDecoded(status, cause)
    }
  }
  return bytes
}
