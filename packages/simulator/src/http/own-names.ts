import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SimulatorError } from '../errors.ts'

/** The hosts of WeChat's API: a hosts file may send them here, for clients whose host is fixed. */
export const WECHAT_HOSTS = ['api', 'api2', 'sh.api', 'sz.api', 'hk.api'].map(
  (name) => `${name}.weixin.qq.com`,
)
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/

export interface GateOptions {
  /** Names beside loopback's that requests may be addressed to, without ports. */
  allowHosts: readonly string[]
  /** Lets callers of other origins use the control endpoints, as `Authorization: Bearer …`. */
  controlToken: string | undefined
}

/**
 * Who may ask what, for a server that websites open in the developer's browser can reach. A name that an attacker
 * makes resolve to this machine is still that attacker's name, and browsers say it in `Host`.
 */
export function createGate({ allowHosts, controlToken }: GateOptions) {
  const own = new Set([...LOOPBACK_NAMES, ...allowHosts.map((name) => name.toLowerCase())])

  const isOwn = (authority: string | undefined) => own.has(nameIn(authority) ?? '')
  const hasToken = ({ headers }: IncomingMessage) =>
    controlToken !== undefined && isSame(headers.authorization ?? '', `Bearer ${controlToken}`)

  return {
    /**
     * @param isApiPath - asked only for WeChat's own hosts, which reach nothing else
     * @returns why the request is not answered at all
     */
    refusalOf({ headers }: IncomingMessage, isApiPath: () => boolean): SimulatorError | undefined {
      if (isOwn(headers.host)) return undefined
      const name = nameIn(headers.host)
      return name !== undefined && WECHAT_HOSTS.includes(name) && isApiPath() ? undefined : foreignHost(name)
    },

    /**
     * Sees that a control endpoint is called by its own page, by a program, or with the token.
     *
     * @throws SimulatorError `FOREIGN_ORIGIN`
     */
    requireController(request: IncomingMessage): void {
      if (!isSameOriginOrNone(request) && !hasToken(request)) throw foreignOrigin()
    },

    /** Says in an answer which other origins may read it. */
    allowOrigins(request: IncomingMessage, response: ServerResponse, isControl: boolean): void {
      if (isControl && controlToken === undefined) return
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Headers', 'content-type, authorization')
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE, OPTIONS')
      response.setHeader('Access-Control-Max-Age', '600')
      // Only a page of one of our own names may cross from another network to this machine.
      if (isOwn(request.headers.origin?.replace(/^https?:\/\//, ''))) {
        response.setHeader('Access-Control-Allow-Private-Network', 'true')
      }
    },
  }
}

export type Gate = ReturnType<typeof createGate>

/** Keeps our pages out of other sites' frames, and their files from being taken for something else. */
export function protectPages(response: ServerResponse): void {
  response.setHeader('X-Frame-Options', 'SAMEORIGIN')
  response.setHeader('Content-Security-Policy', "frame-ancestors 'self'")
  response.setHeader('X-Content-Type-Options', 'nosniff')
}

/** The name in a `Host` header, without its port; `undefined` when it is none. */
function nameIn(authority: string | undefined): string | undefined {
  return AUTHORITY.exec(authority?.toLowerCase() ?? '')?.[1]
}

/** Programs send no `Origin`; browsers say by `Sec-Fetch-Site` what they ask without one. */
function isSameOriginOrNone({ headers, socket }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const scheme = 'encrypted' in socket ? 'https' : 'http'
  return headers.origin === undefined || headers.origin === `${scheme}://${headers.host}`
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function foreignHost(name = 'NAME'): SimulatorError {
  return new SimulatorError(403, 'FOREIGN_HOST', {
    zh: `模拟器只接受发给 localhost、127.0.0.1、[::1] 的请求。要用 ${name} 访问，请以 --allow-host ${name} 启动（createSimulator 的 allowHosts）。`,
    en: `The simulator answers to localhost, 127.0.0.1 and [::1] only. To reach it as ${name}, start it with --allow-host ${name} (allowHosts of createSimulator).`,
  })
}

function foreignOrigin(): SimulatorError {
  return new SimulatorError(403, 'FOREIGN_ORIGIN', {
    zh: '别的网站的页面不能调用控制接口。请在控制页或程序里调用，或以 --control-token 启动并带上 Authorization: Bearer。',
    en: 'Pages of other origins may not call the control endpoints. Use the control page or a program, or start with --control-token and send it as Authorization: Bearer.',
  })
}
