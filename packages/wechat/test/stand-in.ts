import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const appid = 'wx1234567890abcdef'
export const appSecret = 'seeded-app-secret-0123456789abcd'
export const phoneCode = 'e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144'
export const loginCode = '0b3Kq1Ga1MbKXA0XkqHa1Xq2Dq0Kq1GZ'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly bytes: Buffer
}

/** An answer byte for byte. With `isCut` the connection breaks after them. */
export interface Raw {
  readonly status: number
  readonly text: string | Buffer
  readonly headers?: Record<string, string>
  readonly isCut?: boolean
}

/** What a route answers with: a JSON value, raw text with a status, or nothing at all (the socket is cut). */
export type Reply = Record<string, unknown> | Raw | 'cut' | 'hang'

export type Route = (seen: Seen) => Reply | Promise<Reply>

/**
 * A host that answers as the test says, where the exact order of things matters. Tokens: one is current; a
 * replaced one is refused at once (`strict`) or accepted still (`grace`).
 */
export async function openStandIn(options: { strict?: boolean; tokenDelayMs?: number } = {}) {
  const { strict = true, tokenDelayMs = 0 } = options
  const seen: Seen[] = []
  const routes = new Map<string, Route>()
  let issued = 0
  let current: string | undefined
  const accepted = new Set<string>()

  const standIn = {
    url: '',
    seen,
    /** Requests of one path. */
    count: (path: string) => seen.filter((request) => request.path === path).length,
    /** Answers a path in place of the built-in behaviour. */
    route(path: string, reply: Route) {
      routes.set(path, reply)
    },
    unroute: (path: string) => void routes.delete(path),
    /** Replaces the token, as another program would. */
    replaceToken() {
      if (strict) accepted.clear()
      current = `token-${++issued}-seeded-access-token`
      accepted.add(current)
      return current
    },
    currentToken: () => current,
    refusal,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  routes.set('/cgi-bin/stable_token', async ({ body }) => {
    if (tokenDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, tokenDelayMs))
    const { secret, force_refresh } = JSON.parse(body)
    if (secret !== appSecret)
      return { errcode: 40125, errmsg: 'invalid appsecret rid: 63cf14c3-1af7da21-37efbc86' }
    if (force_refresh === true || current === undefined) standIn.replaceToken()
    return { access_token: current, expires_in: 7200 }
  })
  routes.set('/cgi-bin/token', () => ({ access_token: standIn.replaceToken(), expires_in: 7200 }))
  routes.set('/wxa/business/getuserphonenumber', ({ query }) => refusal(query) ?? phoneAnswer())
  routes.set('/sns/jscode2session', () => ({
    session_key: 'HyVFkGl5F5OQWJZZaNzBBg==',
    openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
  }))

  function refusal(query: URLSearchParams): Reply | undefined {
    if (accepted.has(query.get('access_token') ?? '')) return undefined
    return {
      errcode: 40001,
      errmsg:
        'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r rid: 617682e0-09059ac5-34a8e2ea',
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://stand.in')
    const it = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      bytes: Buffer.concat(chunks),
    }
    seen.push(it)
    if (request.method === 'POST' && request.headers['content-length'] === undefined) {
      response.writeHead(412).end()
      return
    }
    const route = routes.get(url.pathname)
    const reply =
      route !== undefined ? await route(it) : (refusal(url.searchParams) ?? { errcode: 0, errmsg: 'ok' })
    if (reply === 'cut') request.socket.destroy()
    else if (reply === 'hang') return
    else if (isRaw(reply)) send(response, reply)
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(reply))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return standIn
}

export type StandIn = Awaited<ReturnType<typeof openStandIn>>

function isRaw(reply: Reply): reply is Raw {
  return typeof reply === 'object' && (typeof reply.text === 'string' || Buffer.isBuffer(reply.text))
}

function send(response: ServerResponse, { status, headers, text, isCut = false }: Raw): void {
  response.writeHead(status, headers)
  if (isCut) response.write(text, () => response.destroy())
  else response.end(text)
}

export function phoneAnswer(phoneInfo: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    errcode: 0,
    errmsg: 'ok',
    phone_info: {
      phoneNumber: '13580006666',
      purePhoneNumber: '13580006666',
      countryCode: '86',
      watermark: { timestamp: 1637744274, appid },
      ...phoneInfo,
    },
  }
}
