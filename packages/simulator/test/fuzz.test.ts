import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpoints } from '../src/api/endpoints/index.ts'
import { createControlRoutes } from '../src/control/control-routes.ts'
import { createDeviceRoutes } from '../src/device/device-routes.ts'
import { createSimulator, type Simulator } from '../src/index.ts'
import { createTarget, type Reply, type Target } from './conformance/target.ts'

const RUNS = 60
const HANG_MS = 5000

let simulator: Simulator
let target: Target
let token: string

beforeAll(async () => {
  simulator = await createSimulator()
  const [app] = simulator.apps
  if (!app) throw new Error('the seed has an app')
  target = createTarget(simulator.url, app)
  token = await target.token()
})
afterAll(() => simulator.close())

const appid = 'wx5f0a3c9e7b1d2468'
const appSecret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'
const fieldNames = [
  'appid',
  'secret',
  'appsecret',
  'js_code',
  'code',
  'openid',
  'grant_type',
  'access_token',
  'rid',
]
const deviceNames = [
  'user',
  'component',
  'answer',
  'sheetId',
  'number',
  'event',
  'name',
  'kind',
  'size',
  'nowMs',
]
const name = fc.oneof(
  fc.constantFrom(...fieldNames, ...deviceNames, 'cgi_path', 'signature', 'sig_method'),
  fc.string(),
)
const value = fc.oneof(
  fc.constantFrom(appid, appSecret, 'allow', 'quick', '李雷', '__proto__'),
  fc.jsonValue(),
)
const body = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(name, value).map((object) => JSON.stringify(object)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constantFrom('', '[]', 'null', '{"', '0', '"x"', '{"__proto__":{"appid":1}}') },
)
const query = fc.dictionary(
  fc.constantFrom(...fieldNames, 'limit', 'since', 'offset', 'spuId', 'id', 'name'),
  fc.oneof(fc.constantFrom(appid, appSecret), fc.string()),
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD')

async function send(
  path: string,
  input: { method: string; query: Record<string, string>; body: string },
): Promise<Reply> {
  const withBody = input.method === 'GET' || input.method === 'HEAD' ? undefined : input.body
  const hang = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${HANG_MS} ms`)), HANG_MS).unref()
  })
  return Promise.race([target.send(input.method, path, withBody, { query: input.query }), hang])
}

describe('whatever is sent', () => {
  it.each([...endpoints.map(({ path }) => path), '/wxa/unknown', '/%', '/..%2f..', '//'])(
    '%s answers as WeChat does',
    async (path) => {
      const input = fc.record({ method, query, body, hasToken: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(input, async ({ hasToken, ...sent }) => {
          const withToken = hasToken ? { ...sent.query, access_token: token } : sent.query
          const reply = await send(path, { ...sent, query: withToken })
          expect(reply.status).toBe(200)
          if (sent.method !== 'HEAD') expect(reply.text).toMatch(/^\{.*\}$/s)
          if ('errcode' in reply.json) expect(reply.json.errcode).toEqual(expect.any(Number))
        }),
        { numRuns: RUNS },
      )
    },
  )

  const host = undefined as never
  const routes = { ...createDeviceRoutes(host, host), ...createControlRoutes(host, host) }
  // An outage or an event stream would be carried out, not refused: they end connections by design.
  const fuzzed = Object.keys(routes).filter((route) => !/outage|events|reset|DELETE/.test(route))

  it.each(fuzzed)('%s answers 200 or a documented 4xx', async (route) => {
    const [verb = '', path = ''] = route.split(' ')
    await fc.assert(
      fc.asyncProperty(fc.record({ query, body }), async (sent) => {
        const reply = await send(path, { method: verb, ...sent })
        if (reply.status === 200) return
        expect([400, 404, 405, 409]).toContain(reply.status)
        expect(reply.json).toEqual({
          error: { code: expect.any(String), zh: expect.any(String), en: expect.any(String) },
        })
      }),
      { numRuns: RUNS },
    )
  })

  it('bytes that are no request leave the simulator standing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await new Promise<void>((resolve) => {
          const socket = connect(simulator.port, '127.0.0.1', () => socket.end(bytes))
          socket.on('error', () => resolve()).on('close', () => resolve())
          socket.resume()
        })
      }),
      { numRuns: 100 },
    )
    expect((await target.stableToken()).status).toBe(200)
  })
})
