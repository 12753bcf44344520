import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStandIn, type StandIn } from '../../test/stand-in.ts'
import { systemClock } from '../clock.ts'
import { WxTransportError } from '../errors/index.ts'
import { fetchTransport } from './fetch.ts'
import { createHosts } from './hosts.ts'
import type { Transport, TransportRequest } from './types.ts'
import { undiciTransport } from './undici.ts'

let standIn: StandIn
let transport: Transport
const servers: Server[] = []

beforeEach(async () => {
  standIn = await openStandIn()
})
afterEach(async () => {
  await transport.close?.()
  await standIn.close()
  for (const server of servers.splice(0)) server.close()
})

function request(overrides: Partial<TransportRequest> = {}): TransportRequest {
  return { origin: standIn.url, path: '/wxa/any', method: 'GET', timeoutMs: 2000, ...overrides }
}

/** Takes connections and never answers, so that a TLS handshake never ends. */
async function silentPort(): Promise<number> {
  const server = createServer(() => {})
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe.each<[string, () => Transport]>([
  ['undici', () => undiciTransport({ connections: 1 })],
  ['fetch', () => fetchTransport()],
])('the %s transport', (_, create) => {
  beforeEach(() => {
    transport = create()
  })

  it('sends a body with Content-Length and gives status, headers and text', async () => {
    standIn.route('/wxa/any', () => ({ text: '手机号', status: 418 }))
    const response = await transport.request(request({ method: 'POST', body: '{"a":"手"}' }))
    expect(response).toMatchObject({ status: 418, body: '手机号' })
    expect(response.headers.connection).toBeDefined()
    expect(standIn.seen[0]).toMatchObject({ method: 'POST', body: '{"a":"手"}' })
    expect(standIn.seen[0]?.headers).toMatchObject({
      'content-length': '11',
      'content-type': 'application/json',
    })
  })

  it('reads a long text that comes in many pieces', async () => {
    const text = '手机'.repeat(200_000)
    standIn.route('/wxa/any', () => ({ text, status: 200 }))
    expect((await transport.request(request())).body).toBe(text)
  })

  it.each([
    ['a closed port', async () => `http://127.0.0.1:${await closedPort()}`],
    ['a name that does not exist', async () => 'http://does-not-exist.invalid'],
  ])('says that nothing was sent to %s', async (_, origin) => {
    await expect(transport.request(request({ origin: await origin() }))).rejects.toMatchObject({
      code: 'ERR_WX_NOT_SENT',
      requestSent: false,
      retryable: true,
    })
  })

  it('says that the request was sent when the connection breaks afterwards', async () => {
    standIn.route('/wxa/any', () => 'cut')
    await expect(transport.request(request())).rejects.toMatchObject({
      code: 'ERR_WX_CONNECTION_LOST',
      requestSent: true,
    })
  })

  it('says that the request was sent when the time runs out or the caller aborts afterwards', async () => {
    standIn.route('/wxa/any', () => 'hang')
    await expect(transport.request(request({ timeoutMs: 150 }))).rejects.toMatchObject({
      code: 'ERR_WX_TIMEOUT',
      requestSent: true,
    })
    const stop = new AbortController()
    const call = transport.request(request({ signal: stop.signal }))
    while (standIn.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    await expect(call).rejects.toMatchObject({ code: 'ERR_WX_ABORTED', requestSent: true })
  })

  it('puts no query into an error, nor into its cause', async () => {
    standIn.route('/wxa/any', () => 'cut')
    const error = await transport.request(request({ path: '/wxa/any?access_token=leaked' })).catch((e) => e)
    const cause = error.cause as Error
    expect([error.message, error.stack, cause.message, JSON.stringify(cause)].join()).not.toContain('leaked')
  })
})

describe('the undici transport', () => {
  it('says that nothing was sent while a handshake is under way or all connections are taken', async () => {
    transport = undiciTransport({ connections: 1, connectTimeoutMs: 5000 })
    const origin = `https://127.0.0.1:${await silentPort()}`
    await expect(transport.request(request({ origin, timeoutMs: 200 }))).rejects.toMatchObject({
      code: 'ERR_WX_TIMEOUT',
      requestSent: false,
    })
    standIn.route('/wxa/slow', () => 'hang')
    const first = transport.request(request({ path: '/wxa/slow', timeoutMs: 600 })).catch((e) => e)
    await expect(transport.request(request({ path: '/wxa/second', timeoutMs: 200 }))).rejects.toMatchObject({
      code: 'ERR_WX_TIMEOUT',
      requestSent: false,
    })
    await first
    await transport.request(request({ path: '/wxa/third' }))
    expect(standIn.count('/wxa/second')).toBe(0)
  })
})

describe('hosts', () => {
  it('are tried in order when a connection cannot be opened, and a failed one rests', async () => {
    transport = undiciTransport()
    const closed = `http://127.0.0.1:${await closedPort()}`
    const hosts = createHosts([closed, standIn.url], { transport, clock: systemClock })
    const it = { path: '/wxa/any', method: 'GET' as const, timeoutMs: 2000 }
    expect((await hosts.send(it)).status).toBe(200)
    expect(hosts.health()).toEqual([
      { host: closed, resting: true },
      { host: standIn.url, resting: false },
    ])
  })

  it('are not changed once a request was sent', async () => {
    const tried: string[] = []
    transport = {
      async request({ origin }) {
        tried.push(origin)
        throw new WxTransportError('ERR_WX_CONNECTION_LOST', { requestSent: true })
      },
    }
    const hosts = createHosts(['https://a.test', 'https://b.test'], { transport, clock: systemClock })
    const call = hosts.send({ path: '/x', method: 'GET', timeoutMs: 100 })
    await expect(call).rejects.toMatchObject({ code: 'ERR_WX_CONNECTION_LOST' })
    expect(tried).toEqual(['https://a.test'])
  })

  it('are all tried again when all rest', async () => {
    const tried: string[] = []
    transport = {
      async request({ origin }) {
        tried.push(origin)
        throw new WxTransportError('ERR_WX_NOT_SENT', { requestSent: false })
      },
    }
    const hosts = createHosts(['https://a.test', 'https://b.test/base/'], { transport, clock: systemClock })
    for (let i = 0; i < 2; i++) {
      const call = hosts.send({ path: '/x', method: 'GET', timeoutMs: 100 })
      await expect(call).rejects.toMatchObject({ code: 'ERR_WX_NOT_SENT' })
    }
    expect(tried).toEqual(['https://a.test', 'https://b.test', 'https://a.test', 'https://b.test'])
    expect(hosts.health().map(({ host }) => host)).toEqual(['https://a.test', 'https://b.test/base'])
  })

  it.each([[''], ['api.weixin.qq.com'], ['ftp://x'], ['https://x/?a=1'], ['http://api.weixin.qq.com']])(
    'refuse "%s"',
    (url) => {
      transport = fetchTransport()
      expect(() => createHosts([url], { transport, clock: systemClock })).toThrow(
        expect.objectContaining({ code: 'ERR_WX_BAD_OPTION' }),
      )
    },
  )
})
