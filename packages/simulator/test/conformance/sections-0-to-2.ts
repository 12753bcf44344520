import { expect } from 'vitest'
import { expectRefusal, expectSnsRefusal, NOT_LATEST, type Row, UNKNOWN_APPID } from './row.ts'

const tokenShape = /^\d+_[\w-]+$/

export const crossCutting: Row[] = [
  {
    section: '0.2',
    fact: 'errors are HTTP 200 with errcode and errmsg',
    check: async (t) => {
      expect((await t.stableToken({ appid: UNKNOWN_APPID })).status).toBe(200)
      expect((await t.exchange({ code: 'x' }, 'no-token')).status).toBe(200)
    },
  },
  ...['/cgi-bin/stable_token', '/wxa/business/getuserphonenumber'].map(
    (path): Row => ({
      section: '0.2',
      fact: `a chunked body gets 412 and an empty body from ${path}`,
      check: async (t) => {
        const reply = await t.post(path, { code: 'x' }, { isChunked: true })
        expect([reply.status, reply.text]).toEqual([412, ''])
      },
    }),
  ),
  {
    section: '0.2',
    fact: 'cgi-bin errors have a blank before the rid',
    check: async (t) => expectRefusal(await t.stableToken({ appid: UNKNOWN_APPID }), 40013, 'invalid appid'),
  },
  {
    section: '0.2',
    fact: 'sns errors have a comma before the rid',
    check: async (t) => expectSnsRefusal(await t.code2Session('nonsense'), 40029, 'invalid code'),
  },
  {
    section: '0.2',
    fact: 'phone exchange errors carry a hint and a rid',
    check: async (t) => {
      const { json } = await t.exchange({ code: '0'.repeat(64) })
      expect(json.errmsg).toMatch(/^invalid code hint: \[[\w.-]+\] rid: [0-9a-f-]{26}$/)
    },
  },
  {
    section: '0.2',
    fact: 'the first group of the rid is the time in seconds',
    simulated: async (t) => {
      await t.control('clock', { nowMs: 1_635_156_704_000 })
      await t.control('clock', { frozen: true })
      await t.control('clock', { nowMs: 1_635_156_704_000 })
      expect((await t.stableToken({ appid: UNKNOWN_APPID })).json.errmsg).toContain('rid: 617682e0-')
    },
  },
  {
    section: '0.2',
    fact: 'successes of the token endpoints and jscode2session have no errcode',
    simulated: async (t) => {
      const replies = [
        await t.stableToken(),
        await t.legacyToken(),
        await t.code2Session(await t.loginCode()),
      ]
      for (const { json } of replies) expect(json).not.toHaveProperty('errcode')
    },
  },
  {
    section: '0.2',
    fact: 'wxa successes have errcode 0 and errmsg ok',
    simulated: async (t) => {
      expect((await t.exchange({ code: await t.phoneCode() })).json).toMatchObject({
        errcode: 0,
        errmsg: 'ok',
      })
    },
  },
  {
    section: '0.2',
    fact: 'sns answers are text/plain, the others JSON, unless switched',
    simulated: async (t) => {
      expect((await t.code2Session('x')).headers['content-type']).toContain('text/plain')
      expect((await t.stableToken()).headers['content-type']).toContain('application/json')
      await t.control('switches', { 'content-type': 'all-text' })
      expect((await t.stableToken()).headers['content-type']).toContain('text/plain')
    },
  },
  {
    section: '0.2',
    fact: 'an access_token in the body is none',
    check: async (t) => {
      const body = { access_token: await t.token(), code: 'x' }
      expectRefusal(await t.post('/wxa/business/getuserphonenumber', body), 41001, 'access_token missing')
    },
  },
  {
    section: '0.2',
    fact: 'plain HTTP answers 43003 where the switch asks for it',
    simulated: async (t) => {
      await t.control('switches', { 'plain-http': '43003' })
      expectRefusal(await t.stableToken(), 43003, 'require https')
    },
  },
]

export const stableToken: Row[] = [
  {
    section: '1',
    fact: 'gives a token of the observed shape and the seconds it lives, at most 7200',
    check: async (t) => {
      const { json } = await t.stableToken()
      expect(json).toEqual({
        access_token: expect.stringMatching(tokenShape),
        expires_in: expect.any(Number),
      })
      expect(String(json.access_token).length).toBeLessThanOrEqual(512)
      expect(json.expires_in).toBeGreaterThan(0)
      expect(json.expires_in).toBeLessThanOrEqual(7200)
    },
  },
  {
    section: '1',
    fact: 'normal mode gives the same token with the seconds that remain',
    simulated: async (t) => {
      const first = await t.stableToken()
      await t.advance(6855)
      const second = await t.stableToken()
      expect(second.json.access_token).toBe(first.json.access_token)
      expect(second.json.expires_in).toBeGreaterThanOrEqual(343)
      expect(second.json.expires_in).toBeLessThanOrEqual(345)
    },
  },
  {
    section: '1',
    fact: 'in the last 5 minutes it gives a new token, and both are accepted for 5 minutes',
    simulated: async (t) => {
      const old = await t.token()
      await t.advance(7200 - 200)
      const renewed = await t.token()
      expect(renewed).not.toBe(old)
      await t.advance(290)
      for (const token of [old, renewed])
        expectRefusal(await t.exchange({ code: 'x' }, token), 40029, 'invalid code')
      await t.advance(15)
      expectRefusal(await t.exchange({ code: 'x' }, old), 40001, NOT_LATEST)
    },
  },
  {
    section: '1',
    fact: 'a token that nobody renewed answers 42001 after its end',
    simulated: async (t) => {
      const token = await t.token()
      await t.advance(7201)
      expectRefusal(await t.exchange({ code: 'x' }, token), 42001, 'access_token expired')
    },
  },
  {
    section: '1',
    fact: 'force mode gives a new token and kills the old one at once',
    simulated: async (t) => {
      const old = await t.token()
      const { json } = await t.stableToken({ force_refresh: true })
      expect(json.access_token).not.toBe(old)
      expectRefusal(await t.exchange({ code: 'x' }, old), 40001, NOT_LATEST)
    },
  },
  {
    section: '1',
    fact: 'force mode within 30 s of the last time does not refresh',
    simulated: async (t) => {
      const { json } = await t.stableToken({ force_refresh: true })
      await t.advance(29)
      expect((await t.stableToken({ force_refresh: true })).json.access_token).toBe(json.access_token)
      await t.advance(2)
      expect((await t.stableToken({ force_refresh: true })).json.access_token).not.toBe(json.access_token)
    },
  },
  {
    section: '1',
    fact: 'the 21st forced refresh of a day answers 45009 until clear_quota, or the next day in Beijing',
    simulated: async (t) => {
      await t.control('clock', { nowMs: Date.parse('2026-03-01T10:00:00+08:00') })
      const force = async () => {
        await t.advance(31)
        return t.stableToken({ force_refresh: true })
      }
      for (let i = 0; i < 20; i++) expect((await force()).json).toHaveProperty('access_token')
      expectRefusal(await force(), 45009, 'reach max api daily quota limit')
      await t.post(
        '/cgi-bin/clear_quota',
        { appid: t.app.appid },
        { query: { access_token: await t.token() } },
      )
      expect((await force()).json).toHaveProperty('access_token')
      for (let i = 0; i < 19; i++) await force()
      expectRefusal(await force(), 45009, 'reach max api daily quota limit')
      await t.control('clock', { nowMs: Date.parse('2026-03-02T00:00:01+08:00') })
      expect((await force()).json).toHaveProperty('access_token')
    },
  },
  {
    section: '1',
    fact: 'a daily and a minute limit answer 45009 and 45011',
    simulated: async (t) => {
      const { appid } = t.app
      await t.control('clock', { frozen: true })
      await t.control('apps', { appid, quotas: { '/cgi-bin/stable_token': { perMinute: 1 } } })
      await t.stableToken()
      expectRefusal(
        await t.stableToken(),
        45011,
        'api minute-quota reach limit, must slower, retry next minute',
      )
      await t.advance(60)
      expect((await t.stableToken()).json).toHaveProperty('access_token')
      await t.control('apps', { appid, quotas: { '/cgi-bin/stable_token': { daily: 2 } } })
      expectRefusal(await t.stableToken(), 45009, 'reach max api daily quota limit')
    },
  },
  {
    section: '1',
    fact: 'it is isolated from /cgi-bin/token: both tokens work side by side',
    simulated: async (t) => {
      const stable = await t.token()
      const legacy = String((await t.legacyToken()).json.access_token)
      await t.stableToken({ force_refresh: true })
      expectRefusal(await t.exchange({ code: 'x' }, legacy), 40029, 'invalid code')
      await t.legacyToken()
      expect(await t.token()).not.toBe(stable)
      expectRefusal(await t.exchange({ code: 'x' }), 40029, 'invalid code')
    },
  },
  ...(
    [
      ['the wrong grant_type', { grant_type: 'authorization_code' }, 40002, 'invalid grant_type'],
      ['an unknown appid', { appid: UNKNOWN_APPID }, 40013, 'invalid appid'],
      [
        'an unknown appid before a missing grant_type',
        { appid: UNKNOWN_APPID, grant_type: undefined },
        40013,
        'invalid appid',
      ],
      ['a wrong secret', { secret: '0'.repeat(32) }, 40125, 'invalid appsecret'],
      ['no appid', { appid: undefined }, 41002, 'appid missing'],
      ['no secret', { secret: undefined }, 41004, 'appsecret missing'],
    ] as const
  ).map(
    ([what, fields, errcode, text]): Row => ({
      section: '1',
      fact: `${what} answers ${errcode}`,
      check: async (t) => expectRefusal(await t.stableToken(fields), errcode, text),
    }),
  ),
  {
    section: '1',
    fact: 'GET answers 43002',
    check: async (t) => expectRefusal(await t.get('/cgi-bin/stable_token'), 43002, 'require POST method'),
  },
  {
    section: '1',
    fact: 'an IP that is not on the whitelist answers 40164 and names the IP',
    simulated: async (t) => {
      await t.control('apps', { appid: t.app.appid, ipWhitelist: ['203.0.113.7'] })
      const text = 'invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist'
      expectRefusal(await t.stableToken(), 40164, text)
      expectRefusal(await t.legacyToken(), 40164, text)
    },
  },
  {
    section: '1',
    fact: 'the whitelist takes an address, a wildcard and CIDR',
    simulated: async (t) => {
      for (const entry of ['127.0.0.1', '127.0.0.*', '127.0.0.0/8']) {
        await t.control('apps', { appid: t.app.appid, ipWhitelist: [entry] })
        expect((await t.stableToken()).json).toHaveProperty('access_token')
      }
    },
  },
  {
    section: '1',
    fact: 'the whitelist guards clear_quota/v2, and neither jscode2session nor calls with a token',
    simulated: async (t) => {
      const token = await t.token()
      await t.control('apps', { appid: t.app.appid, ipWhitelist: [] })
      const v2 = await t.post('/cgi-bin/clear_quota/v2', { appid: t.app.appid, appsecret: t.app.appSecret })
      expect(v2.json.errcode).toBe(40164)
      expect((await t.code2Session(await t.loginCode())).json).toHaveProperty('openid')
      expectRefusal(await t.exchange({ code: 'x' }, token), 40029, 'invalid code')
    },
  },
  ...(
    [
      ['awaiting', 89503, 'this ip needs confirmation of the administrator'],
      ['rejected', 89507, 'this ip was rejected by the administrator, retry in 1 hour'],
      ['rejected-twice', 89506, 'this ip was rejected twice by the administrator, retry in 24 hours'],
    ] as const
  ).map(
    ([ipApproval, errcode, text]): Row => ({
      section: '1',
      fact: `an IP whose approval is ${ipApproval} answers ${errcode}`,
      simulated: async (t) => {
        await t.control('apps', { appid: t.app.appid, ipApproval })
        expectRefusal(await t.stableToken(), errcode, text)
      },
    }),
  ),
]

export const legacyToken: Row[] = [
  {
    section: '2',
    fact: 'every call gives a new token; the one before works for 5 minutes more',
    simulated: async (t) => {
      const first = String((await t.legacyToken()).json.access_token)
      const second = String((await t.legacyToken()).json.access_token)
      expect(second).not.toBe(first)
      await t.advance(295)
      for (const token of [first, second])
        expectRefusal(await t.exchange({ code: 'x' }, token), 40029, 'invalid code')
      await t.advance(10)
      expectRefusal(await t.exchange({ code: 'x' }, first), 40001, NOT_LATEST)
      expectRefusal(await t.exchange({ code: 'x' }, second), 40029, 'invalid code')
    },
  },
  {
    section: '2',
    fact: 'it lives 7200 s',
    simulated: async (t) => expect((await t.legacyToken()).json.expires_in).toBe(7200),
  },
  {
    section: '2',
    fact: 'over the daily cap it answers 45009 and points to the stable token',
    simulated: async (t) => {
      await t.control('apps', { appid: t.app.appid, quotas: { '/cgi-bin/token': { daily: 1 } } })
      await t.legacyToken()
      expectRefusal(
        await t.legacyToken(),
        45009,
        'reach max api daily quota limit, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
      )
    },
  },
  ...(
    [
      ['an unknown appid', { appid: UNKNOWN_APPID }, 40013, 'invalid appid'],
      ['a wrong secret', { secret: '0'.repeat(32) }, 40125, 'invalid appsecret'],
      ['the wrong grant_type', { grant_type: 'x' }, 40002, 'invalid grant_type'],
      ['no secret', { secret: '' }, 41004, 'appsecret missing'],
    ] as const
  ).map(
    ([what, fields, errcode, text]): Row => ({
      section: '2',
      fact: `${what} answers ${errcode}`,
      check: async (t) => expectRefusal(await t.legacyToken(fields), errcode, text),
    }),
  ),
  ...(
    [
      ['a frozen AppSecret', { secretFrozen: true }, 40243, 'appsecret frozen'],
      ['a forbidden token API', { state: 'token-forbidden' }, 50004, 'api forbidden'],
      ['a frozen account', { state: 'frozen' }, 50007, 'account frozen'],
    ] as const
  ).map(
    ([what, fields, errcode, text]): Row => ({
      section: '2',
      fact: `${what} answers ${errcode}`,
      simulated: async (t) => {
        await t.control('apps', { appid: t.app.appid, ...fields })
        expectRefusal(await t.legacyToken(), errcode, text)
        expectRefusal(await t.stableToken(), errcode, text)
      },
    }),
  ),
]
