import { errorTable } from '@haoma/protocol'
import { problem } from '@haoma/protocol/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { pickLanguage } from '../http/language.ts'
import { toHaomaError } from '../http/problems.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ corsOrigins: ['http://localhost:4020'], trustedProxies: ['10.0.0.0/8'] })
})
afterAll(() => fixture.close())

const json = { 'content-type': 'application/json' }

it('leads from its root to the page of calls, also where it is mounted', async () => {
  const answer = await fixture.send('GET', '/')
  expect(answer.status).toBe(302)
  expect(answer.headers.get('location')).toBe('docs')
})

describe('an error', () => {
  it('is a problem document in the language that was asked for', async () => {
    const zh = await fixture.post('/v1/session/refresh', { refreshToken: 'x' })
    expect(zh.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(problem.parse(zh.body)).toEqual(zh.body)
    expect(zh.body.detail).toBe(errorTable.SESSION_EXPIRED.text.zh)
    const en = await fixture.post(
      '/v1/session/refresh',
      { refreshToken: 'x' },
      { 'accept-language': 'en-GB,zh;q=0.5' },
    )
    expect(en.body.detail).toBe(errorTable.SESSION_EXPIRED.text.en)
    expect(en.body.texts).toEqual(zh.body.texts)
  })

  it('names every wrong field of a body', async () => {
    const { body } = await fixture.post('/v1/login', { appid: '', component: 'slow' })
    expect(body).toMatchObject({ status: 400, code: 'BAD_REQUEST', action: 'give-up' })
    expect(body.issues.map(({ path }: { path: string }) => path).sort()).toEqual([
      'appid',
      'component',
      'loginCode',
    ])
  })

  it.each([
    ['a body that is not JSON', '{"appid":', json, 400, 'BAD_REQUEST'],
    ['a body of another type', 'appid=1', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['no body', undefined, {}, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an empty body', '', json, 400, 'BAD_REQUEST'],
    ['null', 'null', json, 400, 'BAD_REQUEST'],
    ['a list', '[]', json, 400, 'BAD_REQUEST'],
    ['a body that is too large', JSON.stringify({ appid: 'x'.repeat(17_000) }), json, 413, 'BODY_TOO_LARGE'],
  ])('answers %s', async (_name, body, headers, status, code) => {
    const answer = await fixture.send('POST', '/v1/login', { headers, ...(body !== undefined && { body }) })
    expect(answer.body, JSON.stringify(answer.body)).toMatchObject({ status, code })
    expect(problem.parse(answer.body)).toEqual(answer.body)
  })

  it.each([
    'application/json ; charset=utf-8',
    'application/json;',
    'APPLICATION/JSON',
    'application/json;charset="utf-8"',
    'application/vnd.a2+json',
  ])('is not what a body of the type %s gets', async (type) => {
    const init = { headers: { 'content-type': type }, body: '{"refreshToken":"x"}' }
    const { body } = await fixture.send('POST', '/v1/session/refresh', init)
    expect(body.code).toBe('SESSION_EXPIRED')
  })

  it.each([
    ['POST', '/v1/login', '{"appid":"wx\\u0000","loginCode":"x"}'],
    ['POST', '/v1/events', '{"appid":"wx","batchId":"\\\\\\u0000"}'],
    ['POST', '/admin/v1/session', '{"username":"\\u0000","password":"x"}'],
    ['GET', '/v1/members/%00', undefined],
    ['GET', '/admin/v1/members/%00', undefined],
    ['GET', '/admin/v1/audit?actorId=%00', undefined],
  ])('refuses a zero character in %s %s, which PostgreSQL cannot store', async (method, path, body) => {
    const answer = await fixture.send(method, path, { headers: json, ...(body !== undefined && { body }) })
    expect(answer.body).toMatchObject({ code: 'BAD_REQUEST', issues: [{ path: '' }] })
  })

  it('is not what a backslash before the letters u0000 gets', async () => {
    const body = '{"refreshToken":"\\\\u0000"}'
    expect((await fixture.send('POST', '/v1/session/refresh', { headers: json, body })).body.code).toBe(
      'SESSION_EXPIRED',
    )
  })

  it('of a body that is too large comes also when its length is not told', async () => {
    const body = new Response('x'.repeat(20_000)).body as ReadableStream
    const init = { headers: json, body, duplex: 'half' } as RequestInit
    expect((await fixture.send('POST', '/v1/login', init)).body.code).toBe('BODY_TOO_LARGE')
  })

  it.each([
    ['GET', '/v1/login'],
    ['PUT', '/v1/me'],
    ['GET', '/v1/login/secretcode'],
    ['GET', '/docs/../package.json'],
  ])('answers %s %s with NOT_FOUND', async (method, path) => {
    expect((await fixture.send(method, path)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })

  it('that nobody foresaw tells nothing', () => {
    const error = toHaomaError(new Error('password is hunter2'))
    expect(error.code).toBe('INTERNAL')
    expect(error.message).not.toContain('hunter2')
  })
})

describe('a request', () => {
  it('keeps the id that a trusted proxy gave it, and gets one otherwise', async () => {
    const proxy = createClient(fixture.haoma, { ip: '10.0.0.2' })
    const given = await proxy.get('/v1/me', { 'x-request-id': 'caller-0001' })
    expect(given.headers.get('x-request-id')).toBe('caller-0001')
    expect(given.body.requestId).toBe('caller-0001')
    const odd = await proxy.get('/v1/me', { 'x-request-id': 'a b"<script>' })
    expect(odd.body.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(odd.headers.get('x-request-id')).toBe(odd.body.requestId)
  })

  it('of a stranger never names itself', async () => {
    const stranger = createClient(fixture.haoma, { ip: '203.0.113.9' })
    for (const client of [stranger, fixture]) {
      const { body } = await client.get('/v1/me', { 'x-request-id': 'caller-0002' })
      expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/)
    }
    expect(fixture.log()).not.toContain('caller-0002')
  })

  it('is one line in the log, with the route and not the address', async () => {
    const proxy = createClient(fixture.haoma, { ip: '10.0.0.2' })
    await proxy.get('/healthz?code=secretcode', { 'x-request-id': 'log-line-1' })
    await proxy.get('/nowhere/secretcode', { 'x-request-id': 'log-line-2' })
    const lines = fixture
      .log()
      .split('\n')
      .filter((line) => line.includes('"msg":"request"') && line.includes('log-line-'))
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { requestId: 'log-line-1', method: 'GET', route: '/healthz', status: 200 },
      { requestId: 'log-line-2', method: 'GET', status: 404 },
    ])
    expect(fixture.log()).not.toContain('secretcode')
  })

  it('from an allowed page gets CORS headers, from another none', async () => {
    const preflight = (origin: string) =>
      fixture.send('OPTIONS', '/v1/login', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
    const allowed = await preflight('http://localhost:4020')
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:4020')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization')
    expect((await preflight('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    const failed = await fixture.get('/v1/me', { origin: 'http://localhost:4020' })
    expect(failed.status).toBe(401)
    expect(failed.headers.get('access-control-allow-origin')).toBe('http://localhost:4020')
  })

  it('gets an answer that is not stored, sniffed or framed', async () => {
    const { headers } = await fixture.get('/v1/me')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('needs no CORS by default', async () => {
    const other = createClient((await fixture.startAnother({ corsOrigins: [] })).haoma)
    const { headers } = await other.get('/healthz', { origin: 'http://localhost:4020' })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('pickLanguage', () => {
  it.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['en', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-US,en;q=0.9', 'en'],
    ['fr,en;q=0.5,zh;q=0.4', 'en'],
    ['en;q=0,zh', 'zh'],
    ['zh;q=0.1,en;q=0.2', 'en'],
    ['fr', 'zh'],
    ['*', 'zh'],
  ])('reads %s as %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language)
  })
})
