import { type WeChat, WxApiError } from '@haoma/wechat'
import { HaomaError } from '../../kernel/errors.ts'
import type { CentralTokens } from '../central-tokens.ts'
import type { KnownClient } from '../client-directory.ts'
import { type PeekedAnswer, peekAnswer } from './answer.ts'
import { type GatewayBody, readGatewayBody } from './request-body.ts'
import { gatewayPath, isOpen } from './rules.ts'
import type { Upstream } from './upstream.ts'

/** WeChat's API with the access token put in: the caller never sees one. */
export interface Gateway {
  /**
   * Sends a request on to WeChat and gives the answer as it comes. When the token turns out to be dead, the call is made
   * once more with another, unless its body was too long to keep.
   *
   * @param hold - told of work that goes on after the answer was given, while its body is still coming
   * @throws {HaomaError} `UNKNOWN_APP`, `GATEWAY_PATH_DENIED`, `LENGTH_REQUIRED`, `TOKEN_UNAVAILABLE`, `WECHAT_…`
   */
  pass(call: { request: Request; appid: string; client: KnownClient }, hold: Hold): Promise<Response>
}

export type Hold = (work: Promise<unknown>) => void

export interface GatewayParts {
  tokens: CentralTokens
  upstream: Upstream
  wechat: WeChat
  /** Whether WeChat takes only signed and encrypted calls of the app. */
  isSealed(appid: string): boolean
}

/** A token that WeChat no longer takes. @see https://developers.weixin.qq.com/doc/oplatform/developers/errCode */
const deadToken = new Set([40001, 40014, 42001])
const passedOn = ['content-type', 'content-disposition']

export function createGateway({ tokens, upstream, wechat, isSealed }: GatewayParts): Gateway {
  const send = async (
    call: { method: string; path: string; query: URLSearchParams; headers: Record<string, string> },
    body: GatewayBody,
    accessToken: string,
  ): Promise<PeekedAnswer> => {
    const query = new URLSearchParams([['access_token', accessToken], ...call.query])
    return peekAnswer(
      await upstream.send({
        method: call.method,
        path: `${call.path}?${query}`,
        headers: call.headers,
        body,
      }),
    )
  }

  /** With API security on, only what the SDK can sign goes through; the rest is refused by name. */
  const passSealed = async (appid: string, request: Request, path: string, query: URLSearchParams) => {
    const body = await readGatewayBody(request)
    const json = body.kind === 'none' ? undefined : body.kind === 'buffered' && parseObject(body.bytes)
    if (json === false) throw new HaomaError('GATEWAY_PATH_DENIED')
    try {
      const answer = await wechat.app(appid).call(path, {
        method: request.method === 'GET' ? 'GET' : 'POST',
        query: Object.fromEntries(query),
        body: json,
      })
      return Response.json(answer)
    } catch (thrown) {
      if (!(thrown instanceof WxApiError)) throw thrown
      return Response.json({ errcode: thrown.errcode, errmsg: thrown.errmsg })
    }
  }

  return {
    pass: async ({ request, appid, client }, hold) => {
      if (!client.mayActFor(appid)) throw new HaomaError('UNKNOWN_APP')
      const url = new URL(request.url)
      const path = gatewayPath(url.pathname, appid)
      if (path === undefined || !isOpen(path, client.gatewayPaths))
        throw new HaomaError('GATEWAY_PATH_DENIED')
      const query = new URLSearchParams([...url.searchParams].filter(([name]) => name !== 'access_token'))
      const first = await tokens.current(appid)
      if (isSealed(appid)) return passSealed(appid, request, path, query)

      const body = await readGatewayBody(request)
      const contentType = request.headers.get('content-type')
      const headers: Record<string, string> = contentType === null ? {} : { 'content-type': contentType }
      const call = { method: request.method, path, query, headers }
      const answer = await send(call, body, first.accessToken)
      if (body.kind === 'streamed' || !isTokenRefused(answer)) return toResponse(answer, hold)
      const second = await tokens.other(appid, first.accessToken)
      return toResponse(await send(call, body, second.accessToken), hold)
    },
  }
}

function isTokenRefused({ status, whole }: PeekedAnswer): boolean {
  if (status !== 200 || whole === undefined) return false
  const { errcode } = parseObject(whole) || {}
  return typeof errcode === 'number' && deadToken.has(errcode)
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of somebody else
function parseObject(bytes: Buffer): any | false {
  try {
    const value = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : false
  } catch {
    return false
  }
}

function toResponse({ status, headers, whole, stream }: PeekedAnswer, hold: Hold): Response {
  const kept = new Headers()
  for (const name of passedOn) {
    const value = headers[name]
    if (value !== undefined) kept.set(name, String(value))
  }
  if (whole !== undefined) return new Response(whole as never, { status, headers: kept })
  const { readable, done } = stream
  hold(done)
  return new Response(readable, { status, headers: kept })
}
