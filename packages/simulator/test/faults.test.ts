import { Agent, get } from 'node:http'
import { get as httpsGet } from 'node:https'
import { expect } from 'vitest'
import { createSimulator } from '../src/index.ts'
import { test } from '../src/vitest.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'

const path = '/wxa/business/getuserphonenumber'

test('a call dropped before WeChat saw it leaves the code usable', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const [code, token] = [await t.phoneCode(), await t.token()]
  simulator.control.addFault({ kind: 'drop-before', path, count: 1 })
  await expect(t.exchange({ code }, token)).rejects.toThrow()
  expect((await t.exchange({ code }, token)).json.errcode).toBe(0)
})

test('a call dropped after it was carried out has spent the code', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const [code, token] = [await t.phoneCode(), await t.token()]
  simulator.control.addFault({ kind: 'drop-after', path, count: 1 })
  await expect(t.exchange({ code }, token)).rejects.toThrow()
  expect((await t.exchange({ code }, token)).json.errcode).toBe(40029)
})

test('half a body breaks off in the middle, and the code is spent', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const [code, token] = [await t.phoneCode(), await t.token()]
  simulator.control.addFault({ kind: 'half-body', path, count: 1 })
  await expect(t.exchange({ code }, token)).rejects.toThrow('aborted')
  expect((await t.exchange({ code }, token)).json.errcode).toBe(40029)
})

test('garbage is a gateway’s page, with the code spent only where asked for', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const code = await t.phoneCode()
  simulator.control.addFault({ kind: 'garbage', path, count: 1 })
  const reply = await t.exchange({ code })
  expect([reply.status, reply.headers['content-type']]).toEqual([502, 'text/html'])
  expect(reply.text).toContain('<html>')
  simulator.control.addFault({ kind: 'garbage', path, count: 1, status: 200, spend: true })
  expect((await t.exchange({ code })).status).toBe(200)
  expect((await t.exchange({ code })).json.errcode).toBe(40029)
})

test('latency delays the answer', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  simulator.control.addFault({ kind: 'latency', path: '/cgi-bin/stable_token', latencyMs: 120 })
  const startedAtMs = performance.now()
  await t.stableToken()
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(115)
})

test('any errcode can be answered, in the form of the endpoint', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  simulator.control.addFault({ kind: 'errcode', errcode: 45011, path: '/sns/jscode2session' })
  expect((await t.code2Session('x')).json).toMatchObject({
    errcode: 45011,
    errmsg: expect.stringMatching(/retry next minute, rid: /),
  })
})

test('clock skew moves WeChat’s time and not the age of codes', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const code = await t.phoneCode()
  simulator.control.addFault({ kind: 'clock-skew', skewMs: 3_600_000 })
  const { phone_info: info } = (await t.exchange({ code })).json as {
    phone_info: { watermark: { timestamp: number } }
  }
  expect(info.watermark.timestamp - Date.now() / 1000).toBeGreaterThan(3500)
})

test('faults fall on one app and leave the others alone', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  simulator.control.addFault({ kind: 'errcode', appid: t.app.appid })
  expect((await t.stableToken()).json.errcode).toBe(-1)
  expect((await t.stableToken({}, t.shop)).json).toHaveProperty('access_token')
})

test('a refused connection is reset before anything is read', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  simulator.control.addFault({ kind: 'refused', path: '/cgi-bin/stable_token', count: 1 })
  await expect(t.stableToken()).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect((await t.stableToken()).json).toHaveProperty('access_token')
})

test('an outage begins with the call that asks for it', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const agent = new Agent({ keepAlive: true })
  const keptAlive = () =>
    new Promise((resolve, reject) => {
      get(`${simulator.url}/_device/apps`, { agent }, (response) => {
        response.on('end', resolve).resume()
      }).on('error', reject)
    })
  await keptAlive()
  simulator.control.outage(60_000)
  await expect(t.stableToken()).rejects.toThrow('ECONNREFUSED')
  await expect(keptAlive()).rejects.toThrow(/ECONN|hang up/)
})

test('after an outage all is as before', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const token = await t.token()
  simulator.control.outage(50)
  await expect.poll(() => t.token().catch(() => 'none'), { timeout: 5000 }).toBe(token)
})

test('an outage asked for over HTTP is answered, and nobody else after it', async () => {
  for (let i = 0; i < 20; i++) {
    const simulator = await createSimulator()
    const t = createSimulatedTarget(simulator)
    expect(await t.control('outage', { durationMs: 60_000 })).toEqual({ durationMs: 60_000 })
    await expect(t.stableToken()).rejects.toThrow('ECONNREFUSED')
    await simulator.close()
  }
})

test('an outage of HTTPS is one too', async () => {
  const simulator = await createSimulator({ https: true })
  const secured = () =>
    new Promise((resolve, reject) => {
      httpsGet(
        `${simulator.httpsUrl}/_device/apps`,
        { ca: simulator.certificate, agent: false },
        (response) => response.on('end', resolve).resume(),
      ).on('error', reject)
    })
  await secured()
  simulator.control.outage(60_000)
  await expect(secured()).rejects.toThrow('ECONNREFUSED')
  await simulator.close()
})

test('every request is logged with its rid, its answer and why, and no secret', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const code = await t.phoneCode()
  await t.exchange({ code })
  const { json } = await t.exchange({ code })
  const log = await t.control('log')
  const entries = log.entries as Array<Record<string, unknown>>
  expect(entries.map((entry) => [entry.kind, entry.path, entry.errcode])).toEqual([
    ['device', '/_device/phone', undefined],
    ['api', '/cgi-bin/stable_token', 0],
    ['api', path, 0],
    ['api', '/cgi-bin/stable_token', 0],
    ['api', path, 40029],
  ])
  const last = entries.at(-1)
  expect(json.errmsg).toContain(last?.rid)
  expect(last?.why).toEqual({ zh: expect.stringContaining('用过'), en: expect.stringContaining('used') })
  const whole = JSON.stringify(log)
  expect(whole).not.toContain(t.app.appSecret)
  expect(whole).not.toContain(await t.token())
  expect(whole).not.toContain('13580006666')
})

test('a chunked request is in the log with the reason of its 412', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  await t.post('/cgi-bin/stable_token', {}, { isChunked: true })
  const [entry] = (await t.control('log')).entries as Array<Record<string, unknown>>
  expect(entry).toMatchObject({ status: 412, why: { en: expect.stringContaining('Content-Length') } })
})

test('the log can be followed as events', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const abort = new AbortController()
  const response = await fetch(`${simulator.url}/_control/events`, { signal: abort.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await t.stableToken()
  let seen = ''
  while (!seen.includes('event: request')) seen += (await reader?.read())?.value ?? ''
  expect(seen).toContain('/cgi-bin/stable_token')
  abort.abort()
})
