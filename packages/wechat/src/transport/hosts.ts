import type { Clock } from '../clock.ts'
import { WxTransportError, WxUsageError } from '../errors/index.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/**
 * WeChat's general entry and its disaster-recovery entry.
 *
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/api_domain.html
 */
export const defaultHosts: readonly string[] = ['https://api.weixin.qq.com', 'https://api2.weixin.qq.com']

const restMs = 30_000

interface Host {
  readonly origin: string
  readonly basePath: string
  /** Not tried before this time while another host is left. */
  restsUntil: number
}

/** A request that has no host yet. */
export type HostlessRequest = Omit<TransportRequest, 'origin'>

/** Sends to the first host that can be reached, in the order of configuration. */
export interface Hosts {
  send(request: HostlessRequest): Promise<TransportResponse>
  /** Each host and whether it is resting after a failed connection. */
  health(): readonly { readonly host: string; readonly resting: boolean }[]
}

/**
 * @param urls - hosts in the order of preference
 * @param deps - what carries the bytes, and the time
 */
export function createHosts(urls: readonly string[], deps: { transport: Transport; clock: Clock }): Hosts {
  const { transport, clock } = deps
  const hosts = urls.map(parseHost)
  const first = hosts[0]
  if (first === undefined) throw new WxUsageError('ERR_WX_BAD_OPTION', 'hosts is empty')

  function sendTo(host: Host, request: HostlessRequest, timeoutMs: number): Promise<TransportResponse> {
    return transport.request({
      origin: host.origin,
      path: host.basePath + request.path,
      method: request.method,
      body: request.body,
      headers: request.headers,
      timeoutMs,
      signal: request.signal,
    })
  }

  // Only a connection that never opened sends the call to another host: whatever was sent may have been done.
  async function failOver(request: HostlessRequest): Promise<TransportResponse> {
    const startedAt = clock.monotonic()
    const awake = hosts.filter((host) => host.restsUntil <= startedAt)
    const resting = hosts.filter((host) => host.restsUntil > startedAt)
    let failure: unknown = new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false })
    for (const host of [...awake, ...resting]) {
      const timeoutMs = startedAt + request.timeoutMs - clock.monotonic()
      if (timeoutMs <= 0 || request.signal?.aborted) break
      try {
        const response = await sendTo(host, request, timeoutMs)
        host.restsUntil = 0
        return response
      } catch (error) {
        failure = error
        if (!couldNotConnect(error)) throw error
        host.restsUntil = clock.monotonic() + restMs
      }
    }
    throw failure
  }

  return {
    send: hosts.length === 1 ? (request) => sendTo(first, request, request.timeoutMs) : failOver,
    health: () =>
      hosts.map((host) => ({
        host: host.origin + host.basePath,
        resting: host.restsUntil > clock.monotonic(),
      })),
  }
}

function couldNotConnect(error: unknown): boolean {
  return error instanceof WxTransportError && !error.requestSent && error.code !== 'ERR_WX_ABORTED'
}

function parseHost(text: string): Host {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'a host must look like https://api.weixin.qq.com')
  }
  if (url.protocol === 'http:' && url.hostname.endsWith('.weixin.qq.com')) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'WeChat answers over https only')
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, ''), restsUntil: 0 }
}
