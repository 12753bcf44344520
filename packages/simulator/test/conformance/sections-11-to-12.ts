import { expect } from 'vitest'
import { expectRefusal, type Row } from './row.ts'
import type { SimulatedTarget } from './simulated.ts'
import type { Reply, Target } from './target.ts'

const phonePath = '/wxa/business/getuserphonenumber'

async function ask(t: Target, path: string, body: object): Promise<Reply> {
  return t.post(path, body, { query: { access_token: await t.token() } })
}

const ridOf = ({ json }: Reply) => String(json.errmsg).split('rid: ')[1] ?? ''

export const diagnosis: Row[] = [
  {
    section: '11',
    fact: 'quota/get tells limit, used and remaining calls of a path',
    simulated: async (t) => {
      await t.exchange({ code: 'x' })
      await t.exchange({ code: 'x' })
      const { json } = await ask(t, '/cgi-bin/openapi/quota/get', { cgi_path: phonePath })
      const { quota } = json as { quota: { daily_limit: number; used: number; remain: number } }
      expect(quota.used).toBe(2)
      expect(quota.remain).toBe(quota.daily_limit - 2)
      expect(json).toMatchObject({
        errcode: 0,
        rate_limit: { call_count: expect.any(Number), refresh_second: 60 },
      })
    },
  },
  ...(
    [
      ['an unknown path', '/wxa/nothing', 76021],
      ['an sns path', '/sns/jscode2session', 76022],
    ] as const
  ).map(
    ([what, cgi_path, errcode]): Row => ({
      section: '11',
      fact: `quota/get of ${what} answers ${errcode}`,
      check: async (t) =>
        expect((await ask(t, '/cgi-bin/openapi/quota/get', { cgi_path })).json.errcode).toBe(errcode),
    }),
  ),
  {
    section: '11',
    fact: 'quota/clear gives the calls of a path back, 50 times a month',
    simulated: async (t) => {
      await t.control('apps', { appid: t.app.appid, quotas: { [phonePath]: { daily: 1 } } })
      await t.exchange({ code: 'x' })
      expect((await t.exchange({ code: 'x' })).json.errcode).toBe(45009)
      const clear = () => ask(t, '/cgi-bin/openapi/quota/clear', { cgi_path: phonePath })
      expect((await clear()).json).toEqual({ errcode: 0, errmsg: 'ok' })
      expect((await t.exchange({ code: 'x' })).json.errcode).toBe(40029)
      for (let i = 0; i < 49; i++) await clear()
      expect((await clear()).json.errcode).toBe(45009)
    },
  },
  {
    section: '11',
    fact: 'clear_quota and its v2 share 10 a month, then 48006, until the next month',
    simulated: async (t) => {
      await t.control('clock', { nowMs: Date.parse('2026-03-10T10:00:00+08:00') })
      const { appid, appSecret: appsecret } = t.app
      const v1 = () => ask(t, '/cgi-bin/clear_quota', { appid })
      const v2 = () => t.post('/cgi-bin/clear_quota/v2', { appid, appsecret })
      for (let i = 0; i < 5; i++) {
        expect((await v1()).json).toEqual({ errcode: 0, errmsg: 'ok' })
        expect((await v2()).json).toEqual({ errcode: 0, errmsg: 'ok' })
      }
      expect([(await v1()).json.errcode, (await v2()).json.errcode]).toEqual([48006, 48006])
      await t.control('clock', { nowMs: Date.parse('2026-04-01T00:00:01+08:00') })
      expect((await v1()).json.errcode).toBe(0)
    },
  },
  {
    section: '11',
    fact: 'clear_quota of another appid answers 40013',
    check: async (t) => {
      expectRefusal(
        await ask(t, '/cgi-bin/clear_quota', { appid: 'wx0000000000000000' }),
        40013,
        'invalid appid',
      )
    },
  },
  {
    section: '11',
    fact: 'clear_quota/v2 takes its fields in the query too, and names what is missing',
    simulated: async (t) => {
      const { appid, appSecret: appsecret } = t.app
      expect(
        (await t.post('/cgi-bin/clear_quota/v2', '', { query: { appid, appsecret } })).json.errcode,
      ).toBe(0)
      expect((await t.post('/cgi-bin/clear_quota/v2', { appsecret })).json.errcode).toBe(41002)
      expect((await t.post('/cgi-bin/clear_quota/v2', { appid })).json.errcode).toBe(41004)
    },
  },
  {
    section: '11',
    fact: 'rid/get shows request and answer behind a rid',
    simulated: async (t) => {
      const rid = ridOf(await t.exchange({ code: 'no such code' }))
      const { json } = await ask(t, '/cgi-bin/openapi/rid/get', { rid })
      expect(json).toMatchObject({
        errcode: 0,
        request: {
          invoke_time: Number.parseInt(rid.slice(0, 8), 16),
          cost_in_ms: expect.any(Number),
          request_url: expect.stringContaining(phonePath),
          request_body: JSON.stringify({ code: 'no such code' }),
          response_body: expect.stringContaining(rid),
          client_ip: '127.0.0.1',
        },
      })
    },
  },
  {
    section: '11',
    fact: 'rid/get answers 76001, 76002, 76003 and 76004',
    simulated: async (t) => {
      const look = async (rid: string) => (await ask(t, '/cgi-bin/openapi/rid/get', { rid })).json.errcode
      expect(await look('61768ee0-00000000-00000000')).toBe(76001)
      expect(await look('nonsense')).toBe(76002)
      expect(await look(ridOf(await t.exchange({ code: 'x' }, await t.token(t.shop))))).toBe(76003)
      const own = ridOf(await t.exchange({ code: 'x' }))
      await t.advance(7 * 86_400 + 1)
      expect(await look(own)).toBe(76004)
    },
  },
  ...['get_api_domain_ip', 'getcallbackip'].map(
    (name): Row => ({
      section: '11',
      fact: `${name} answers a list of addresses`,
      check: async (t) => {
        const { json } = await t.get(`/cgi-bin/${name}`, { access_token: await t.token() })
        expect(json.ip_list).toEqual(expect.arrayContaining([expect.any(String)]))
      },
    }),
  ),
  {
    section: '11',
    fact: 'callback/check answers dns and ping results',
    check: async (t) => {
      const { json } = await ask(t, '/cgi-bin/callback/check', { action: 'all', check_operator: 'DEFAULT' })
      expect(json).toMatchObject({ dns: expect.any(Array), ping: expect.any(Array) })
    },
  },
]

async function withFault(t: SimulatedTarget, fault: object): Promise<Reply> {
  await t.control('faults', { path: phonePath, count: 1, ...fault })
  return t.exchange({ code: await t.phoneCode() })
}

export const errorGuide: Row[] = [
  {
    section: '12',
    fact: 'an unknown path answers 40066',
    check: async (t) => expectRefusal(await t.get('/wxa/no-such-path'), 40066, 'invalid url'),
  },
  {
    section: '12',
    fact: 'a body over 1 MiB answers 45002',
    simulated: async (t) => {
      expectRefusal(await t.exchange({ code: 'x'.repeat(1024 * 1024) }), 45002, 'content size out of limit')
    },
  },
  {
    section: '12',
    fact: 'system busy is -1',
    simulated: async (t) => expectRefusal(await withFault(t, { kind: 'errcode' }), -1, 'system error'),
  },
  {
    section: '12',
    fact: 'a busy platform may have spent the code: then the retry answers 40029',
    simulated: async (t) => {
      const code = await t.phoneCode()
      await t.control('faults', { kind: 'errcode', spend: true, path: phonePath, count: 1 })
      expectRefusal(await t.exchange({ code }), -1, 'system error')
      expectRefusal(await t.exchange({ code }), 40029, 'invalid code')
    },
  },
  {
    section: '12',
    fact: 'a token replaced elsewhere answers 40001 once, and works after one refresh',
    simulated: async (t) => {
      const [code, token] = [await t.phoneCode(), await t.token()]
      await t.control('faults', { kind: 'token-replaced', path: phonePath, count: 1 })
      expect((await t.exchange({ code }, token)).json.errcode).toBe(40001)
      expect((await t.exchange({ code })).json.errcode).toBe(0)
    },
  },
]
