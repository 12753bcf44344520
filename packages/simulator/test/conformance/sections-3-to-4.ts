import { expect } from 'vitest'
import { expectRefusal, expectSnsRefusal, NOT_LATEST, type Row, UNKNOWN_APPID } from './row.ts'
import type { SimulatedTarget } from './simulated.ts'

const invalidCode = 'invalid code'

/** The number an exchange answers. */
async function numberOf(t: SimulatedTarget, fields: object): Promise<unknown> {
  return (await t.exchange({ code: await t.phoneCode(fields) })).json.phone_info
}

export const phoneExchange: Row[] = [
  {
    section: '3',
    fact: 'gives the number in WeChat’s three fields with a watermark',
    simulated: async (t) => {
      const { json } = await t.exchange({ code: await t.phoneCode() })
      expect(json).toEqual({
        errcode: 0,
        errmsg: 'ok',
        phone_info: {
          phoneNumber: '13580006666',
          purePhoneNumber: '13580006666',
          countryCode: '86',
          watermark: { timestamp: expect.any(Number), appid: t.app.appid },
        },
      })
    },
  },
  {
    section: '3',
    fact: 'a foreign number carries its country code, a mainland number does not',
    simulated: async (t) => {
      expect(await numberOf(t, { user: '陈港生' })).toMatchObject({
        phoneNumber: '85261234567',
        purePhoneNumber: '61234567',
        countryCode: '852',
      })
    },
  },
  {
    section: '3',
    fact: 'a leading plus is a switch',
    simulated: async (t) => {
      await t.control('switches', { 'foreign-phone-number': 'plus' })
      expect(await numberOf(t, { user: '陈港生' })).toMatchObject({ phoneNumber: '+85261234567' })
      expect(await numberOf(t, {})).toMatchObject({ phoneNumber: '13580006666' })
    },
  },
  {
    section: '3',
    fact: 'countryCode is a string, or a number where the switch says so',
    simulated: async (t) => {
      await t.control('switches', { 'country-code-type': 'number' })
      expect(await numberOf(t, {})).toMatchObject({ countryCode: 86 })
    },
  },
  {
    section: '3',
    fact: 'the watermark has the time of the user’s action in seconds',
    simulated: async (t) => {
      await t.control('clock', { frozen: true })
      await t.control('clock', { nowMs: 1_637_744_274_900 })
      const code = await t.phoneCode()
      await t.advance(100)
      const { phone_info: info } = (await t.exchange({ code })).json
      expect(info).toMatchObject({ watermark: { timestamp: 1_637_744_274 } })
    },
  },
  {
    section: '3',
    fact: 'one endpoint serves both components',
    simulated: async (t) => {
      expect(await numberOf(t, { component: 'realtime' })).toMatchObject({ phoneNumber: '13580006666' })
    },
  },
  {
    section: '3',
    fact: 'a legacy token serves as well as a stable one',
    simulated: async (t) => {
      const token = String((await t.legacyToken()).json.access_token)
      expect((await t.exchange({ code: await t.phoneCode() }, token)).json.errcode).toBe(0)
    },
  },
  {
    section: '3',
    fact: 'a phone code is 64 lower-case hex digits',
    simulated: async (t) => expect(await t.phoneCode()).toMatch(/^[0-9a-f]{64}$/),
  },
  {
    section: '3',
    fact: 'a phone code is single-use, and a used one answers 40029, not 40163',
    simulated: async (t) => {
      const code = await t.phoneCode()
      await t.exchange({ code })
      expectRefusal(await t.exchange({ code }), 40029, invalidCode)
    },
  },
  {
    section: '3',
    fact: 'exactly one of many concurrent exchanges of a code succeeds',
    simulated: async (t) => {
      const [code, token] = [await t.phoneCode(), await t.token()]
      const replies = await Promise.all(Array.from({ length: 10 }, () => t.exchange({ code }, token)))
      expect(replies.map(({ json }) => json.errcode).sort()).toEqual([0, ...Array(9).fill(40029)])
    },
  },
  {
    section: '3',
    fact: 'a phone code lives 5 minutes',
    simulated: async (t) => {
      const [early, late] = [await t.phoneCode(), await t.phoneCode()]
      await t.advance(295)
      expect((await t.exchange({ code: early })).json.errcode).toBe(0)
      await t.advance(10)
      expectRefusal(await t.exchange({ code: late }), 40029, invalidCode)
    },
  },
  {
    section: '3',
    fact: 'the 5 minutes run from the tap, not from consent',
    simulated: async (t) => {
      await t.device('privacy', { event: 'agree' })
      const { sheetId } = await t.device('phone/open', { component: 'quick' })
      await t.advance(305)
      const { detail } = await t.device('phone/answer', { sheetId, answer: 'allow' })
      const { code } = detail as { code: string }
      expect(code).toMatch(/^[0-9a-f]{64}$/)
      expectRefusal(await t.exchange({ code }), 40029, invalidCode)
      expect(await t.bill()).toMatchObject({ consents: 1, trialUsed: 1 })
    },
  },
  {
    section: '3',
    fact: 'no wx.login is needed',
    simulated: async (t) => {
      expect((await t.exchange({ code: await t.phoneCode({ user: 'never logged in' }) })).json.errcode).toBe(
        0,
      )
    },
  },
  {
    section: '3',
    fact: 'a wx.login code answers 40029 and stays usable for login',
    simulated: async (t) => {
      const code = await t.loginCode()
      expectRefusal(await t.exchange({ code }), 40029, invalidCode)
      expect((await t.code2Session(code)).json).toHaveProperty('openid')
    },
  },
  {
    section: '3',
    fact: 'an unknown code answers 40029',
    check: async (t) => expectRefusal(await t.exchange({ code: 'f'.repeat(64) }), 40029, invalidCode),
  },
  {
    section: '3',
    fact: 'a code in the query with an empty object as body answers 40029',
    check: async (t) => {
      expectRefusal(await t.exchange({}, undefined, { query: { code: 'f'.repeat(64) } }), 40029, invalidCode)
    },
  },
  {
    section: '3',
    fact: 'a code of another mini program answers 40013 and is not spent; 40029 where switched',
    simulated: async (t) => {
      const code = await t.phoneCode({ appid: t.shop.appid })
      expectRefusal(await t.exchange({ code }), 40013, 'invalid appid')
      await t.control('switches', { 'cross-app-phone-code': '40029' })
      expectRefusal(await t.exchange({ code }), 40029, invalidCode)
      expect((await t.exchange({ code }, await t.token(t.shop))).json.errcode).toBe(0)
    },
  },
  {
    section: '3',
    fact: 'openid is checked against the owner of the code',
    simulated: async (t) => {
      const [mine, other] = [await t.openid(), await t.openid({ user: '韩梅梅' })]
      const code = await t.phoneCode()
      expectRefusal(await t.exchange({ code, openid: other }), 40003, 'invalid openid')
      expect((await t.exchange({ code, openid: mine })).json.errcode).toBe(0)
    },
  },
  {
    section: '3',
    fact: 'the errcode of an openid mismatch is a switch',
    simulated: async (t) => {
      const code = await t.phoneCode()
      for (const errcode of ['40029', '47001']) {
        await t.control('switches', { 'openid-mismatch': errcode })
        expect((await t.exchange({ code, openid: 'oNobody' })).json.errcode).toBe(Number(errcode))
      }
      await t.control('switches', { 'openid-mismatch': 'ignored' })
      expect((await t.exchange({ code, openid: 'oNobody' })).json.errcode).toBe(0)
    },
  },
  {
    section: '3',
    fact: 'a code survives a failed exchange, or not, by the switch',
    simulated: async (t) => {
      const [first, second] = [await t.phoneCode(), await t.phoneCode()]
      await t.exchange({ code: first }, 'bad token')
      expect((await t.exchange({ code: first })).json.errcode).toBe(0)
      await t.control('switches', { 'phone-code-after-failure': 'consumed' })
      await t.exchange({ code: second }, 'bad token')
      expectRefusal(await t.exchange({ code: second }), 40029, invalidCode)
    },
  },
  {
    section: '3',
    fact: 'no token answers 41001',
    check: async (t) => {
      expectRefusal(
        await t.post('/wxa/business/getuserphonenumber', { code: 'x' }),
        41001,
        'access_token missing',
      )
    },
  },
  {
    section: '3',
    fact: 'an unknown or malformed token answers 40001',
    check: async (t) => {
      expectRefusal(await t.exchange({ code: 'x' }, 'nonsense'), 40001, NOT_LATEST)
      expectRefusal(await t.exchange({ code: 'x' }, `92_${'a'.repeat(133)}`), 40001, NOT_LATEST)
    },
  },
  {
    section: '3',
    fact: 'a malformed token answers 40014 where the switch says so',
    simulated: async (t) => {
      await t.control('switches', { 'malformed-token': '40014' })
      expectRefusal(await t.exchange({ code: 'x' }, 'nonsense'), 40014, 'invalid access_token')
    },
  },
  {
    section: '3',
    fact: 'GET answers 43002',
    check: async (t) => {
      expectRefusal(await t.get('/wxa/business/getuserphonenumber'), 43002, 'require POST method')
    },
  },
  {
    section: '3',
    fact: 'an empty body answers 44002',
    check: async (t) => expectRefusal(await t.exchange(''), 44002, 'empty post data'),
  },
  ...(
    [
      ['a form-encoded body', 'code=abc'],
      ['a double-encoded body', JSON.stringify(JSON.stringify({ code: 'abc' }))],
      ['a misspelt field', JSON.stringify({ 'code ': 'abc' })],
      ['half a JSON', '{"code":"ab'],
    ] as const
  ).map(
    ([what, body]): Row => ({
      section: '3',
      fact: `${what} answers 47001`,
      check: async (t) => expectRefusal(await t.exchange(body), 47001, 'data format error'),
    }),
  ),
  {
    section: '3',
    fact: 'an encrypted body without API security answers 40097',
    check: async (t) => {
      const body = { iv: 'AAECAwQFBgcICQoL', data: 'AAAA', authtag: 'AAAAAAAAAAAAAAAAAAAAAA==' }
      expectRefusal(await t.exchange(body), 40097, 'invalid args')
    },
  },
  {
    section: '3',
    fact: 'the token of an official account or a personal mini program answers 48001',
    simulated: async (t) => {
      for (const app of [t.officialAccount, t.personal]) {
        expectRefusal(await t.exchange({ code: 'x' }, await t.token(app)), 48001, 'api unauthorized')
      }
    },
  },
  {
    section: '3',
    fact: 'its daily and minute limits answer 45009 and 45011 without spending the code',
    simulated: async (t) => {
      const [path, code] = ['/wxa/business/getuserphonenumber', await t.phoneCode()]
      await t.control('apps', { appid: t.app.appid, quotas: { [path]: { daily: 0 } } })
      expectRefusal(await t.exchange({ code }), 45009, 'reach max api daily quota limit')
      await t.control('apps', { appid: t.app.appid, quotas: { [path]: { perMinute: 0 } } })
      expectRefusal(
        await t.exchange({ code }),
        45011,
        'api minute-quota reach limit, must slower, retry next minute',
      )
      await t.control('apps', { appid: t.app.appid, quotas: {} })
      expect((await t.exchange({ code })).json.errcode).toBe(0)
    },
  },
  {
    section: '3',
    fact: 'the token is checked before the body, or after it where switched',
    simulated: async (t) => {
      expectRefusal(await t.exchange('not json', 'bad'), 40001, NOT_LATEST)
      await t.control('switches', { 'check-order': 'body-first' })
      expectRefusal(await t.exchange('not json', 'bad'), 47001, 'data format error')
      expectRefusal(await t.exchange('', 'bad'), 44002, 'empty post data')
    },
  },
]

export const code2Session: Row[] = [
  {
    section: '4',
    fact: 'gives an openid of 28 characters and a session_key of 16 bytes',
    simulated: async (t) => {
      expect((await t.code2Session(await t.loginCode())).json).toEqual({
        openid: expect.stringMatching(/^o[\w-]{27}$/),
        session_key: expect.stringMatching(/^[\w+/]{22}==$/),
      })
    },
  },
  {
    section: '4',
    fact: 'the openid is the same each time, and another in another mini program',
    simulated: async (t) => {
      const [first, second] = [await t.openid(), await t.openid()]
      expect(second).toBe(first)
      const loginCode = await t.loginCode({ appid: t.shop.appid })
      expect((await t.code2Session(loginCode, {}, t.shop)).json.openid).not.toBe(first)
    },
  },
  {
    section: '4',
    fact: 'apps of one open-platform account share the unionid, others have none',
    simulated: async (t) => {
      const unionid = async (app: typeof t.app) =>
        (await t.code2Session(await t.loginCode({ appid: app.appid }), {}, app)).json.unionid
      expect(await unionid(t.shop)).toMatch(/^o[\w-]{27}$/)
      expect(await unionid(t.club)).toBe(await unionid(t.shop))
      expect(await unionid(t.app)).toBeUndefined()
    },
  },
  {
    section: '4',
    fact: 'errcode 0 on success is a switch',
    simulated: async (t) => {
      await t.control('switches', { 'code2session-errcode': 'zero' })
      expect((await t.code2Session(await t.loginCode())).json).toMatchObject({ errcode: 0, errmsg: 'ok' })
    },
  },
  {
    section: '4',
    fact: 'a used code answers 40163',
    simulated: async (t) => {
      const code = await t.loginCode()
      await t.code2Session(code)
      expectSnsRefusal(await t.code2Session(code), 40163, 'code been used')
    },
  },
  {
    section: '4',
    fact: 'a code older than 5 minutes answers 40029, used or not',
    simulated: async (t) => {
      const [fresh, used] = [await t.loginCode(), await t.loginCode()]
      await t.code2Session(used)
      await t.advance(301)
      for (const code of [fresh, used]) expectSnsRefusal(await t.code2Session(code), 40029, 'invalid code')
    },
  },
  {
    section: '4',
    fact: 'a code of another mini program answers 40029 and stays usable there',
    simulated: async (t) => {
      const code = await t.loginCode({ appid: t.shop.appid })
      expectSnsRefusal(await t.code2Session(code), 40029, 'invalid code')
      expect((await t.code2Session(code, {}, t.shop)).json).toHaveProperty('openid')
    },
  },
  {
    section: '4',
    fact: 'a phone code answers 40029 and stays usable for the exchange',
    simulated: async (t) => {
      const code = await t.phoneCode()
      expectSnsRefusal(await t.code2Session(code), 40029, 'invalid code')
      expect((await t.exchange({ code })).json.errcode).toBe(0)
    },
  },
  {
    section: '4',
    fact: 'a high-risk user answers 40226',
    simulated: async (t) => {
      await t.control('users', { name: '李雷', blocked: true })
      expectSnsRefusal(await t.code2Session(await t.loginCode()), 40226, 'code blocked')
    },
  },
  {
    section: '4',
    fact: 'more than 100 logins a minute of one user answer 45011, unless switched off',
    simulated: async (t) => {
      // The limit counts by the clock's minute, which must not turn in between.
      await t.control('clock', { frozen: true })
      for (let i = 0; i < 100; i++) await t.code2Session(await t.loginCode())
      const limit = 'api minute-quota reach limit, must slower, retry next minute'
      expectSnsRefusal(await t.code2Session(await t.loginCode()), 45011, limit)
      expect((await t.code2Session(await t.loginCode({ user: '韩梅梅' }))).json).toHaveProperty('openid')
      await t.control('switches', { 'code2session-per-user-minute': 'off' })
      expect((await t.code2Session(await t.loginCode())).json).toHaveProperty('openid')
    },
  },
  ...(
    [
      ['an unknown appid', { appid: UNKNOWN_APPID }, 40013, 'invalid appid'],
      ['no appid', { appid: '' }, 41002, 'appid missing'],
      ['a wrong secret', { secret: '0'.repeat(32) }, 40125, 'invalid appsecret'],
      ['no js_code', { js_code: '' }, 41008, 'missing code'],
    ] as const
  ).map(
    ([what, fields, errcode, text]): Row => ({
      section: '4',
      fact: `${what} answers ${errcode}`,
      check: async (t) => expectSnsRefusal(await t.code2Session('x', fields), errcode, text),
    }),
  ),
  {
    section: '4',
    fact: 'a login code is 32 alphanumerics',
    simulated: async (t) => expect(await t.loginCode()).toMatch(/^[0-9A-Za-z]{32}$/),
  },
]
