import type { Clock } from '../clock.ts'
import { badOption } from '../errors/bad-option.ts'
import { WxTransportError } from '../errors/index.ts'
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
  /** Undefined for a host that could be reached the last time; else not tried before this time while another is left. */
  restsUntilMs: number | undefined
}

/** A request that has no host yet, and how long it may take, on the monotonic clock. */
export type HostlessRequest = Omit<TransportRequest, 'origin' | 'timeoutMs'> & {
  readonly deadlineAtMs: number
}

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
  const hosts = parseHosts(urls)

  function sendTo(host: Host, request: HostlessRequest, timeoutMs: number): Promise<TransportResponse> {
    return transport.request({
      origin: host.origin,
      path: host.basePath + request.path,
      method: request.method,
      body: request.body,
      headers: request.headers,
      timeoutMs,
      signal: request.signal,
      wantsBytes: request.wantsBytes,
    })
  }

  /** Keeps what a try says about a host. Only one that could not be reached rests: an answer that is late is one. */
  function learn(host: Host, error: unknown): void {
    const wasReached = !(error instanceof WxTransportError) || error.requestSent
    if (wasReached) host.restsUntilMs = undefined
    else if (couldNotConnect(error)) host.restsUntilMs = clock.monotonic() + restMs
  }

  /** In the order of preference, those that rest last. */
  function inOrder(): readonly Host[] {
    if (hosts.every(({ restsUntilMs }) => restsUntilMs === undefined)) return hosts
    const nowMs = clock.monotonic()
    const rests = ({ restsUntilMs = 0 }: Host) => restsUntilMs > nowMs
    return [...hosts.filter((host) => !rests(host)), ...hosts.filter(rests)]
  }

  // Only a connection that never opened sends the call to another host: whatever was sent may have been done.
  async function send(request: HostlessRequest): Promise<TransportResponse> {
    const { deadlineAtMs, signal } = request
    let failure: unknown
    for (const host of inOrder()) {
      if (signal?.aborted) throw failure ?? new WxTransportError('ERR_WX_ABORTED', { requestSent: false })
      const nowMs = clock.monotonic()
      if (nowMs >= deadlineAtMs) break
      // A host whose rest is over is tried by one call, for which it goes on resting for all others.
      if (host.restsUntilMs !== undefined) host.restsUntilMs = nowMs + restMs
      try {
        const response = await sendTo(host, request, deadlineAtMs - nowMs)
        host.restsUntilMs = undefined
        return response
      } catch (error) {
        learn(host, error)
        if (!couldNotConnect(error)) throw error
        failure = error
      }
    }
    throw failure ?? new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false })
  }

  return {
    send,
    health: () =>
      hosts.map(({ origin, basePath, restsUntilMs = 0 }) => ({
        host: origin + basePath,
        resting: restsUntilMs > clock.monotonic(),
      })),
  }
}

function couldNotConnect(error: unknown): boolean {
  return error instanceof WxTransportError && error.code === 'ERR_WX_NOT_SENT'
}

function parseHosts(urls: unknown): Host[] {
  if (!Array.isArray(urls) || urls.length === 0) throw badOption('hosts', rules.hosts)
  return urls.map(parseHost)
}

function parseHost(text: unknown): Host {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw badOption('hosts', rules.host)
  }
  if (url.protocol === 'http:' && url.hostname.endsWith('.weixin.qq.com')) {
    throw badOption('hosts', rules.https)
  }
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, ''), restsUntilMs: undefined }
}

const rules = {
  hosts: {
    en: 'must be a list of addresses such as https://api.weixin.qq.com',
    zh: '应为地址列表，例如 https://api.weixin.qq.com',
  },
  host: {
    en: 'must look like https://api.weixin.qq.com, with neither user, query nor fragment',
    zh: '中的地址应形如 https://api.weixin.qq.com，不含用户名、参数与片段',
  },
  https: { en: 'must be https: WeChat answers over https only', zh: '应为 https：微信只接受 https' },
}
