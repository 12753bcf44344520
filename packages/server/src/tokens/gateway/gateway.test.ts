import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, basic, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { apps } from '../../../test/support/simulated-wechat.ts'

interface Seen {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

/** WeChat as the gateway sees it: tokens that die on command, answers of any size. */
async function startStandIn() {
  const seen: Seen[] = []
  let living = 1
  let reply: ((request: Seen, response: ServerResponse) => void) | undefined
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const url = new URL(request.url ?? '', 'http://stand.in')
    const call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    }
    const json = (body: object) => {
      response.setHeader('content-type', 'application/json; encoding=utf-8')
      response.end(JSON.stringify(body))
    }
    if (call.path === '/cgi-bin/stable_token') return json({ access_token: `t${living}`, expires_in: 7200 })
    seen.push(call)
    if (call.query.get('access_token') !== `t${living}`)
      return json({ errcode: 40001, errmsg: 'dead rid: x' })
    if (reply) return reply(call, response)
    json({ errcode: 0, errmsg: 'ok', echo: call.body.toString() })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    killToken: () => {
      living += 1
    },
    replyWith: (next: typeof reply) => {
      reply = next
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

let standIn: Awaited<ReturnType<typeof startStandIn>>
let fixture: Fixture
let as: Record<string, string>
beforeEach(async () => {
  standIn = await startStandIn()
  fixture = await startFixture({ wechatHosts: [standIn.url] })
  const grant = {
    name: 'shop',
    scopes: ['gateway'] as const,
    gatewayPaths: ['/wxa/msg_sec_check', '/wxa/sec/*'],
  }
  as = basic(await fixture.haoma.clients.create(grant))
})
afterEach(async () => {
  await fixture.close()
  await standIn.close()
})

const path = `/wechat/${appid}/wxa/msg_sec_check`
const post = (body: RequestInit['body'], headers: Record<string, string> = {}, at = path) =>
  fixture.send('POST', at, { body, headers: { ...as, ...headers }, duplex: 'half' } as RequestInit)
const chunked = (sizeBytes: number) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (let left = sizeBytes; left > 0; left -= 65_536) {
        controller.enqueue(new Uint8Array(Math.min(left, 65_536)).fill(97))
      }
      controller.close()
    },
  })

describe('the gateway', () => {
  it('adds the token, and takes nothing else from the caller but query, body and their type', async () => {
    const answer = await post(
      '{"content":"x"}',
      { 'content-type': 'application/json', cookie: 'a=b' },
      `${path}?a=1&access_token=mine`,
    )
    expect(answer).toMatchObject({ status: 200, body: { errcode: 0, echo: '{"content":"x"}' } })
    const [call] = standIn.seen
    expect(call?.path).toBe('/wxa/msg_sec_check')
    expect([...(call?.query ?? [])]).toEqual([
      ['access_token', 't1'],
      ['a', '1'],
    ])
    expect(call?.headers).toMatchObject({ 'content-length': '15', 'content-type': 'application/json' })
    expect(call?.headers.authorization).toBeUndefined()
    expect(call?.headers.cookie).toBeUndefined()
    expect(call?.headers['transfer-encoding']).toBeUndefined()
    expect(fixture.log()).not.toContain('access_token')
  })

  it('makes the call once more with another token when the first is dead', async () => {
    await post('1')
    standIn.killToken()
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => post(`body ${i}`)))
    expect(answers.map(({ body }) => body.echo)).toEqual(Array.from({ length: 10 }, (_, i) => `body ${i}`))
    standIn.killToken()
    const get = await fixture.send('GET', path, { headers: as })
    expect(get.body.errcode).toBe(0)
  })

  it('makes it once more only: a token that dies again is the caller’s to see', async () => {
    standIn.replyWith((_call, response) => {
      response.setHeader('content-type', 'application/json')
      response.end('{"errcode":42001,"errmsg":"expired"}')
    })
    expect((await post('1')).body.errcode).toBe(42001)
    expect(standIn.seen).toHaveLength(2)
  })

  it('sends a body of 1 MB without a length as one that has it', async () => {
    const answer = await post(chunked(1024 * 1024))
    expect(answer.body.echo).toHaveLength(1024 * 1024)
    expect(standIn.seen[0]?.headers['content-length']).toBe(String(1024 * 1024))
    expect(standIn.seen[0]?.headers['transfer-encoding']).toBeUndefined()
  })

  it('refuses a longer body without a length', async () => {
    expect(await post(chunked(1024 * 1024 + 1))).toMatchObject({
      status: 411,
      body: { code: 'LENGTH_REQUIRED' },
    })
    expect(standIn.seen).toEqual([])
  })

  it('sends a longer body with its length on as it comes, and never twice', async () => {
    const sizeBytes = 3 * 1024 * 1024
    const answer = await post(chunked(sizeBytes), { 'content-length': String(sizeBytes) })
    expect(answer.body.echo).toHaveLength(sizeBytes)
    expect(standIn.seen[0]?.headers['content-length']).toBe(String(sizeBytes))
    standIn.killToken()
    const dead = await post(chunked(sizeBytes), { 'content-length': String(sizeBytes) })
    expect(dead.body.errcode).toBe(40001)
    expect(standIn.seen).toHaveLength(2)
  })

  it('passes a long answer as it comes, with its type, and is not closed before it ends', async () => {
    const image = Buffer.alloc(300_000, 7)
    standIn.replyWith((_call, response) => {
      response.setHeader('content-type', 'image/jpeg')
      response.setHeader('set-cookie', 'a=b')
      response.write(image.subarray(0, 100_000))
      setImmediate(() => response.end(image.subarray(100_000)))
    })
    const response = await fixture.haoma.fetch(
      new Request(`http://haoma.test${path}`, { method: 'POST', headers: as, body: '1' }),
    )
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('set-cookie')).toBeNull()
    const closed = fixture.haoma.close()
    expect(Buffer.from(await response.arrayBuffer()).equals(image)).toBe(true)
    await closed
  })

  it('takes an answer for a refusal of the token only when it is one', async () => {
    const long = JSON.stringify({ errcode: 40001, errmsg: 'x'.repeat(70_000) })
    standIn.replyWith((_call, response) => response.end(long))
    expect((await post('1')).body).toHaveLength(long.length)
    standIn.replyWith((_call, response) => response.writeHead(500).end('{"errcode":40001}'))
    expect((await post('1')).status).toBe(500)
    standIn.replyWith((_call, response) => response.end('[{"errcode":40001}]'))
    await post('1')
    expect(standIn.seen).toHaveLength(3)
  })

  it.each([
    ['a path that is not on the list', '/wxa/other'],
    ['a path that starts like one on the list', '/wxa/msg_sec_check2'],
    ['the number', '/wxa/business/getuserphonenumber'],
    ['an encoded path', '/wxa/%6dsg_sec_check'],
    ['a doubled slash', '/wxa//msg_sec_check'],
  ])('refuses %s', async (_name, rest) => {
    expect(await post('1', {}, `/wechat/${appid}${rest}`)).toMatchObject({
      status: 403,
      body: { code: 'GATEWAY_PATH_DENIED' },
    })
    expect(standIn.seen).toEqual([])
  })

  it('knows no app outside the list of the client', async () => {
    as = basic(
      await fixture.haoma.clients.create({
        name: 'x',
        scopes: ['gateway'],
        appids: [apps.shop.appid],
        gatewayPaths: ['/wxa/msg_sec_check'],
      }),
    )
    expect((await post('1')).body.code).toBe('UNKNOWN_APP')
    expect((await post('1', {}, '/wechat/wx0000/wxa/msg_sec_check')).body.code).toBe('UNKNOWN_APP')
    expect((await post('1', {}, path.replace(appid, apps.shop.appid))).body.errcode).toBe(0)
  })

  it('says whether anything was sent when WeChat cannot be reached, without the token in the log', async () => {
    await post('1')
    standIn.replyWith((_call, response) => response.destroy())
    expect((await post('1')).body.code).toBe('WECHAT_NO_ANSWER')
    await standIn.close()
    expect((await post('1')).body.code).toBe('WECHAT_UNREACHABLE')
    expect(fixture.log()).not.toMatch(/\bt1\b|access_token/)
  })
})

describe('the gateway, for an app with API security', () => {
  const path = '/cgi-bin/openapi/quota/get'
  let secured: Fixture
  let client: Record<string, string>
  beforeEach(async () => {
    secured = await startFixture()
    const keys = await secured.wechat.enableSecurity(appid)
    const apiSecurity = {
      symmetricKey: { sn: keys.symmetricSerial, key: keys.symmetricKey },
      privateKey: keys.appPrivateKey,
      platformCertificates: keys.platform.map(({ serial, publicKey }) => ({ sn: serial, publicKey })),
    }
    const signing = await secured.startAnother({ apps: [{ ...apps.single, apiSecurity }] })
    const grant = {
      name: 'shop',
      scopes: ['gateway'],
      gatewayPaths: ['/cgi-bin/openapi/*', '/wxa/upload'],
    } as const
    client = basic(await signing.haoma.clients.create(grant))
    send = signing.send
  })
  afterEach(() => secured.close())
  let send: Fixture['send']

  const quota = (body: string, headers: Record<string, string> = {}) =>
    send('POST', `/wechat/${appid}${path}`, { body, headers: { ...client, ...headers } })
  const asked = JSON.stringify({ cgi_path: '/wxa/business/getuserphonenumber' })

  it('signs and encrypts the call, and gives the answer in the clear', async () => {
    const answer = await quota(asked)
    expect(answer).toMatchObject({
      status: 200,
      body: { errcode: 0, quota: { daily_limit: expect.any(Number) } },
    })
    // The same call is refused by WeChat when it comes unsigned.
    const unsigned = await secured.haoma.clients.create({
      name: 'unsigned',
      scopes: ['gateway'],
      gatewayPaths: ['/cgi-bin/openapi/*'],
    })
    const refused = await secured.send('POST', `/wechat/${appid}${path}`, {
      body: asked,
      headers: basic(unsigned),
    })
    expect(refused.body.errcode).toBe(40231)
  })

  it('gives what WeChat refuses in WeChat’s own words', async () => {
    expect((await quota('{}')).body).toMatchObject({
      errcode: expect.any(Number),
      errmsg: expect.any(String),
    })
    expect((await quota('{}')).body.errcode).not.toBe(0)
  })

  it('refuses by name what cannot be signed', async () => {
    const upload = await send('POST', `/wechat/${appid}/wxa/upload`, {
      body: 'raw bytes',
      headers: { ...client, 'content-type': 'application/octet-stream' },
    })
    expect(upload).toMatchObject({ status: 403, body: { code: 'GATEWAY_PATH_DENIED', action: 'give-up' } })
    expect(await secured.wechat.calls('/wxa/upload')).toBe(0)
  })
})
