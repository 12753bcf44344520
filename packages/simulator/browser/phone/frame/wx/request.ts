import type { ProxyAnswer, ProxyFailure } from '../../../../src/phone/proxy.ts'
import type { Host, Platform } from '../../host.ts'
import { WxFailure, withCallbacks } from './callback.ts'

const defaultTimeoutMs = 60_000
const networkErrno = 600001
const abortedErrno = 600003
const timeoutErrno = 5

/** Chromium's number of each network error, as WeChat on Android writes it. */
const netErrors: Record<Exclude<ProxyFailure, 'timeout'>, number> = {
  CONNECTION_REFUSED: -102,
  NAME_NOT_RESOLVED: -105,
  CONNECTION_RESET: -101,
  CERT_AUTHORITY_INVALID: -202,
  INVALID_URL: -300,
  FAILED: -2,
}

/** The same for iOS, which speaks in the words of its own network library. */
const iosTexts: Partial<Record<ProxyFailure, string>> = {
  CONNECTION_REFUSED: '未能连接到服务器。',
  NAME_NOT_RESOLVED: '未能找到使用指定主机名的服务器。',
  CONNECTION_RESET: '网络连接已中断。',
  CERT_AUTHORITY_INVALID: '此服务器的证书无效。',
}

/** `wx.request`'s handle. */
interface RequestTask {
  abort(): void
  onHeadersReceived(listener: (headers: unknown) => void): void
  offHeadersReceived(): void
  onChunkReceived(): void
  offChunkReceived(): void
}

/**
 * `wx.request`: sent by the simulator's server, so that it reaches any back end without CORS, as the app does.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 */
export function createRequest(host: Host): (options: Record<string, unknown>) => RequestTask {
  return (options) => {
    const gone = new AbortController()
    const onHeaders: ((headers: unknown) => void)[] = []
    const run = withCallbacks('request', async () => {
      const request = prepare(options, host)
      const started = performance.now()
      const answer = await send(host, request, gone.signal)
      const tookMs = Math.round(performance.now() - started)
      const outcome = 'failure' in answer ? answer.failure : answer.statusCode
      host.log({ level: 'request', text: `${request.method} ${request.url} → ${outcome} (${tookMs} ms)` })
      if ('failure' in answer) throw describe(answer.failure, host.facts().platform)
      for (const listener of onHeaders) listener({ header: answer.header })
      return {
        data: decode(answer.body, options),
        statusCode: answer.statusCode,
        header: answer.header,
        cookies: answer.cookies,
      }
    })
    const result = run(options)
    const task: RequestTask = {
      abort: () => gone.abort(),
      onHeadersReceived: (listener) => void onHeaders.push(listener),
      offHeadersReceived: () => void onHeaders.splice(0),
      onChunkReceived: () => undefined,
      offChunkReceived: () => undefined,
    }
    // The answer is a task and, with no callbacks, a promise: frameworks use either.
    if (result === undefined) return task
    result.catch(() => undefined)
    return Object.assign(result, task)
  }
}

function prepare(options: Record<string, unknown>, host: Host) {
  const { url, data } = options
  if (typeof url !== 'string' || url === '') {
    throw new WxFailure('parameter error: parameter.url should be String instead of Undefined')
  }
  if (!/^https?:\/\//i.test(url)) throw new WxFailure(`invalid url "${url}"`, 600009)
  const method = String(options.method ?? 'GET').toUpperCase()
  const header: Record<string, string> = {}
  for (const [name, value] of Object.entries((options.header ?? {}) as object)) {
    // WeChat sets the referer itself and lets no one else.
    if (name.toLowerCase() !== 'referer' && value !== undefined) header[name] = String(value)
  }
  const given = Object.entries(header).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const contentType = given ?? 'application/json'
  header.Referer = `https://servicewechat.com/${host.appid}/devtools/page-frame.html`
  if (method === 'GET' && isPlainData(data))
    return { url: withQuery(url, data), method, header, ...timing(options) }
  if (data === undefined || data === null) return { url, method, header, ...timing(options) }
  if (given === undefined) header['Content-Type'] = contentType
  const body =
    data instanceof ArrayBuffer ? new Uint8Array(data) : new TextEncoder().encode(encode(data, contentType))
  return { url, method, header, body: toBase64(body), ...timing(options) }
}

function timing(options: Record<string, unknown>) {
  return { timeoutMs: Number(options.timeout ?? defaultTimeoutMs) }
}

function isPlainData(data: unknown): data is Record<string, unknown> {
  return (
    typeof data === 'object' && data !== null && Object.prototype.toString.call(data) === '[object Object]'
  )
}

function encode(data: unknown, contentType: string): string {
  if (typeof data === 'string') return data
  if (/application\/x-www-form-urlencoded/i.test(contentType) && isPlainData(data)) return toQuery(data)
  return JSON.stringify(data)
}

function withQuery(url: string, data: Record<string, unknown>): string {
  const query = toQuery(data)
  if (query === '') return url
  const [address = '', hash] = url.split('#')
  return `${address}${address.includes('?') ? '&' : '?'}${query}${hash === undefined ? '' : `#${hash}`}`
}

function toQuery(data: Record<string, unknown>): string {
  return Object.entries(data)
    .map(([name, value]) => {
      const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
      return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`
    })
    .join('&')
}

async function send(
  host: Host,
  request: Parameters<Host['send']>[0],
  signal: AbortSignal,
): Promise<ProxyAnswer> {
  try {
    return (await host.send(request, signal)) as ProxyAnswer
  } catch (error) {
    if (signal.aborted) throw new WxFailure('abort', abortedErrno)
    throw error
  }
}

function describe(failure: ProxyFailure, platform: Platform): WxFailure {
  if (failure === 'timeout') return new WxFailure('timeout', timeoutErrno)
  const code = netErrors[failure]
  const apple = platform === 'ios' || platform === 'mac'
  const text = apple
    ? (iosTexts[failure] ?? '网络错误')
    : `errcode:${code} cronet_error_code:${code} error_msg:net::ERR_${failure}`
  return new WxFailure(text, networkErrno)
}

function decode(body: string, options: Record<string, unknown>): unknown {
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
  if (options.responseType === 'arraybuffer') return bytes.buffer
  const text = new TextDecoder().decode(bytes)
  if (options.dataType !== undefined && options.dataType !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
