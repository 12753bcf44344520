import { describe, expect } from 'vitest'
import { test } from '../src/vitest.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'

const control = '/_control/state'
const token = '/cgi-bin/token'

describe('a request for a name', () => {
  test.for([
    ['localhost', control, 200],
    ['LocalHost:4010', control, 200],
    ['127.0.0.1:1', '/_device/apps', 200],
    ['[::1]:4010', control, 200],
    ['evil.test', control, 403],
    ['evil.test:4010', token, 403],
    ['evil.test', '/', 403],
    ['evil.test', '/device.js', 403],
    ['evil.test', '/_device/users', 403],
    ['evil.test', '/phone', 403],
    ['localhost.evil.test', control, 403],
    ['localhost@evil.test', control, 403],
    ['127.0.0.1.evil.test', control, 403],
    ['localhost.', control, 403],
    ['192.168.1.2', control, 403],
    ['0.0.0.0', control, 403],
    ['api.weixin.qq.com', token, 200],
    ['hk.api.weixin.qq.com:443', '/wxa/unknown', 200],
    ['api.weixin.qq.com', control, 403],
    ['api.weixin.qq.com', '/%5Fcontrol/state', 403],
    ['api.weixin.qq.com', '/', 403],
    ['api.weixin.qq.com', '/%70hone/bundle', 403],
    ['api.weixin.qq.com', '/x/../phone/bundle', 403],
    ['mp.weixin.qq.com', token, 403],
    ['xapi.weixin.qq.com', token, 403],
  ] as const)('%s on %s answers %i', async ([Host, path, status], { simulator }) => {
    const t = createSimulatedTarget(simulator)
    const reply = await t.send('GET', path, undefined, { headers: { Host } })
    // A page that is not built says so with 503; what counts here is that it answered.
    expect(reply.status === 503 ? 200 : reply.status).toBe(status)
    if (status !== 403) return
    expect(reply.json).toEqual({
      error: { code: 'FOREIGN_HOST', zh: expect.stringContaining('--allow-host'), en: expect.any(String) },
    })
  })

  describe('that was allowed', () => {
    test.override({ simulatorOptions: { allowHosts: ['Simulator', 'dev.example'] } })

    test('is answered, and no other', async ({ simulator }) => {
      const t = createSimulatedTarget(simulator)
      const statusFor = async (Host: string) =>
        (await t.send('GET', control, undefined, { headers: { Host } })).status
      expect(await statusFor('simulator:4010')).toBe(200)
      expect(await statusFor('dev.example')).toBe(200)
      expect(await statusFor('sub.dev.example')).toBe(403)
    })
  })

  describe('where it listens on every address', () => {
    test.override({ simulatorOptions: { host: '0.0.0.0' } })

    test('is told by an address that it answers to', async ({ simulator }) => {
      expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`)
      expect((await fetch(simulator.url + control)).status).toBe(200)
    })
  })
})

describe('a control call', () => {
  const own = (url: string) => ({ Origin: url, 'Sec-Fetch-Site': 'same-origin' })

  test('is taken from programs and from the control page', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    for (const headers of [{}, own(simulator.url), { 'Sec-Fetch-Site': 'none' }]) {
      expect((await t.send('GET', control, undefined, { headers })).status).toBe(200)
    }
  })

  test.for([
    ['GET', control, { Origin: 'http://evil.test' }],
    ['GET', '/_control/log', { Origin: 'http://127.0.0.1:1' }],
    ['GET', '/_control/events', { 'Sec-Fetch-Site': 'cross-site' }],
    ['GET', '/_control/snapshot', { 'Sec-Fetch-Site': 'same-site' }],
    ['GET', control, { Origin: 'null' }],
    ['POST', '/_control/reset', { Origin: 'https://evil.test' }],
    ['POST', '/_control/outage', { Origin: 'https://evil.test', Authorization: 'Bearer ' }],
    ['GET', control, { Authorization: 'Bearer undefined', Origin: 'https://evil.test' }],
  ] as const)('%s %s with %o is refused and unreadable', async ([method, path, headers], { simulator }) => {
    const t = createSimulatedTarget(simulator)
    const reply = await t.send(method, path, method === 'POST' ? '{"durationMs":1000}' : undefined, {
      headers: { ...headers },
    })
    expect([reply.status, reply.json]).toMatchObject([403, { error: { code: 'FOREIGN_ORIGIN' } }])
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin')
  })

  describe('with the token', () => {
    test.override({ simulatorOptions: { controlToken: 't0ken' } })

    test('may be read by the page that sent it, preflight included', async ({ simulator }) => {
      const t = createSimulatedTarget(simulator)
      const headers = { Origin: 'https://page.test', Authorization: 'Bearer t0ken' }
      const reply = await t.send('GET', control, undefined, { headers })
      expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([200, '*'])
      const preflight = await t.send('OPTIONS', control, undefined, { headers: { Origin: headers.Origin } })
      expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
      for (const Authorization of ['Bearer t0ke', 'Bearer t0ken2', 't0ken']) {
        const wrong = await t.send('GET', control, undefined, { headers: { ...headers, Authorization } })
        expect(wrong.status).toBe(403)
      }
    })
  })
})

describe('device calls', () => {
  test('are for pages of any origin; only our own names may cross networks', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    const preflight = async (Origin: string) =>
      (await t.send('OPTIONS', '/_device/login', undefined, { headers: { Origin } })).headers
    expect(await preflight('https://page.test')).toMatchObject({ 'access-control-allow-origin': '*' })
    expect(await preflight('https://page.test')).not.toHaveProperty('access-control-allow-private-network')
    expect(await preflight('http://localhost:4020')).toHaveProperty('access-control-allow-private-network')
  })

  test('tell a page the mini programs, and no secret of theirs', async ({ simulator }) => {
    const { text, json } = await createSimulatedTarget(simulator).get('/_device/apps')
    expect((json.apps as Array<{ name: string }>).map(({ name }) => name)).toEqual([
      '号码示例',
      '号码商城',
      '号码会员',
      '个人小记',
    ])
    for (const { appSecret } of simulator.apps) expect(text).not.toContain(appSecret)
  })
})

test('pages may be framed by themselves only', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  for (const path of ['/', '/phone', '/phone/frame', control]) {
    expect((await t.get(path)).headers, path).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': "frame-ancestors 'self'",
    })
  }
})
