import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { phoneEndings } from '../../src/model/phone-endings.ts'
import { expectRefusal, expectSnsRefusal, type Row, UNKNOWN_APPID } from './row.ts'
import type { SimulatedTarget } from './simulated.ts'

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const switchTo = (t: SimulatedTarget, key: string, value: string) => t.control('switches', { [key]: value })

/** What public back ends and clients showed beside the pages; where the pages leave it open, a switch. */
export const field: Row[] = [
  {
    section: '17',
    fact: 'jscode2session is answered by POST too, as a form or with a query, unless switched',
    simulated: async (t) => {
      const fields = async () => ({
        appid: t.app.appid,
        secret: t.app.appSecret,
        js_code: await t.loginCode(),
        grant_type: 'authorization_code',
      })
      const path = '/sns/jscode2session'
      expect((await t.post(path, form(await fields()))).json).toHaveProperty('openid')
      expect((await t.post(path, '', { query: await fields() })).json).toHaveProperty('openid')
      expectSnsRefusal(await t.post(path, form({ appid: UNKNOWN_APPID })), 40013, 'invalid appid')
      const used = await fields()
      await t.post(path, form(used))
      expectSnsRefusal(await t.post(path, form(used)), 40163, 'code been used')
      await switchTo(t, 'get-calls-by-post', '43001')
      expectSnsRefusal(await t.post(path, form(await fields())), 43001, 'require GET method')
    },
  },
  {
    section: '17',
    fact: 'the legacy token is answered by POST too, as a form or with a query, unless switched',
    simulated: async (t) => {
      const fields = { grant_type: 'client_credential', appid: t.app.appid, secret: t.app.appSecret }
      const path = '/cgi-bin/token'
      expect((await t.post(path, form(fields))).json).toMatchObject({ expires_in: 7200 })
      expect((await t.post(path, '', { query: fields })).json).toMatchObject({ expires_in: 7200 })
      await switchTo(t, 'get-calls-by-post', '43001')
      expectRefusal(await t.post(path, form(fields)), 43001, 'require GET method')
    },
  },
  {
    section: '17',
    fact: 'a form in place of a query leaves no secret in the log',
    simulated: async (t) => {
      await t.post('/cgi-bin/token', form({ appid: t.app.appid, secret: t.app.appSecret }))
      const log = JSON.stringify(await t.control('log'))
      expect(log).toContain(t.app.appid)
      expect(log).not.toContain(t.app.appSecret)
    },
  },
  {
    section: '1',
    fact: 'the appid is checked before grant_type, or after it where switched',
    simulated: async (t) => {
      const wrong = { grant_type: 'x', appid: UNKNOWN_APPID }
      expect((await t.stableToken(wrong)).json.errcode).toBe(40013)
      await switchTo(t, 'credentials-order', 'grant-type-first')
      expect((await t.stableToken(wrong)).json.errcode).toBe(40002)
      expect((await t.stableToken({ appid: UNKNOWN_APPID })).json.errcode).toBe(40013)
    },
  },
  ...[null, ''].map(
    (openid): Row => ({
      section: '3',
      fact: `an openid of ${JSON.stringify(openid)} counts as not sent, unless switched`,
      simulated: async (t) => {
        await switchTo(t, 'empty-openid', 'mismatch')
        const code = await t.phoneCode()
        expectRefusal(await t.exchange({ code, openid }), 40003, 'invalid openid')
        await switchTo(t, 'empty-openid', 'ignored')
        expect((await t.exchange({ code, openid })).json.errcode).toBe(0)
      },
    }),
  ),
  ...(
    [
      ['string', '86'],
      ['number', 86],
      ['plus', '+86'],
      ['empty', ''],
      ['missing', undefined],
    ] as const
  ).map(
    ([value, countryCode]): Row => ({
      section: '17',
      fact: `countryCode may come as ${JSON.stringify(countryCode)}`,
      simulated: async (t) => {
        await switchTo(t, 'country-code-type', value)
        const { phone_info: info } = (await t.exchange({ code: await t.phoneCode() })).json
        expect((info as { countryCode?: unknown }).countryCode).toBe(countryCode)
      },
    }),
  ),
  {
    section: '17',
    fact: 'phone_info may be null and openid empty, where switched',
    simulated: async (t) => {
      await switchTo(t, 'phone-info', 'null')
      const exchanged = await t.exchange({ code: await t.phoneCode() })
      expect(exchanged.json).toEqual({ errcode: 0, errmsg: 'ok', phone_info: null })
      await switchTo(t, 'code2session-openid', 'empty')
      expect((await t.code2Session(await t.loginCode())).json.openid).toBe('')
    },
  },
  {
    section: '5.3',
    fact: 'checkencryptedmsg takes a form without a content type, unless switched',
    simulated: async (t) => {
      const { encryptedData = '' } = await t.tap()
      const body = form({ encrypted_msg_hash: createHash('sha256').update(encryptedData).digest('hex') })
      const options = { query: { access_token: await t.token() } }
      const ask = () => t.post('/wxa/business/checkencryptedmsg', body, options)
      expect((await ask()).json).toMatchObject({ errcode: 0, vaild: true })
      await switchTo(t, 'checkencryptedmsg-form', '47001')
      expectRefusal(await ask(), 47001, 'data format error')
    },
  },
  {
    section: '7.1',
    fact: 'the realtime component asks for an SMS code, unless switched',
    simulated: async (t) => {
      await t.device('privacy', { event: 'agree' })
      const open = () => t.device('phone/open', { component: 'realtime' })
      expect(await open()).toMatchObject({ smsRequired: true })
      await switchTo(t, 'realtime-step', 'none')
      const { sheetId, smsRequired } = await open()
      expect(smsRequired).toBe(false)
      expect((await t.device('phone/answer', { sheetId, answer: 'allow' })).detail).toHaveProperty('code')
      const { sheetId: second } = await open()
      const added = { sheetId: second, answer: 'allow', number: '13911112222' }
      await expect(t.device('phone/answer', added)).rejects.toThrow('SMS_CODE_NOT_SENT')
    },
  },
  {
    section: '9',
    fact: 'after a refusal WeChat’s privacy popup stays away for 10 s, unless switched',
    simulated: async (t) => {
      await t.control('clock', { frozen: true })
      const query = async () => (await t.device('privacy', { event: 'query' })).isPopupPaused
      expect(await query()).toBe(false)
      await t.device('privacy', { event: 'disagree' })
      await t.advance(9.999)
      expect(await query()).toBe(true)
      await t.advance(0.001)
      expect(await query()).toBe(false)
      await t.device('privacy', { event: 'disagree' })
      await switchTo(t, 'privacy-popup-pause-s', 'off')
      expect(await query()).toBe(false)
    },
  },
  ...(['windows', 'mac', 'harmony', 'wxwork'] as const).map(
    (platform): Row => ({
      section: '17',
      fact: `WeChat runs on ${platform} too; how it words a refusal is a switch`,
      simulated: async (t) => {
        const refuse = async () => (await t.tap({ platform, answer: 'deny' })).errMsg
        expect(await t.tap({ platform })).toHaveProperty('code')
        expect(await refuse()).toBe('getPhoneNumber:fail user deny')
        await switchTo(t, 'other-platforms-refusal', 'fail:user deny')
        expect(await refuse()).toBe('getPhoneNumber:fail:user deny')
      },
    }),
  ),
]

/** The wordings of real clients, each of which can be ordered for the next tap. */
export const wordings: Row[] = [
  ...Object.entries(phoneEndings).map(
    ([ending, entry]): Row => ({
      section: '7.3',
      fact: `the ending ${ending} can be ordered: ${entry.tail}`,
      simulated: async (t) => {
        await t.control('next-event', { ending })
        const errMsg = ending === 'no-openid' ? entry.tail : `getPhoneNumber:${entry.tail}`
        expect(await t.tap()).toEqual('errno' in entry ? { errMsg, errno: entry.errno } : { errMsg })
        expect(await t.bill()).toMatchObject({
          consents: 0,
          refusals: entry.isRefusal ? 1 : 0,
          noQuota: ending === 'no-quota' ? 1 : 0,
        })
        expect(await t.tap()).toHaveProperty('code')
      },
    }),
  ),
  {
    section: '7.3',
    fact: 'an ordered event falls on whom and as often as it was ordered, oldest first',
    simulated: async (t) => {
      await t.control('next-event', { ending: 'no-permission-zh', user: '韩梅梅', count: 2 })
      await t.control('next-event', { errMsg: 'getPhoneNumber:fail 天知道', errno: 42 })
      expect(await t.tap()).toEqual({ errMsg: 'getPhoneNumber:fail 天知道', errno: 42 })
      const other = { user: '韩梅梅' }
      const events = [await t.tap(other), await t.tap(other), await t.tap(other)]
      expect(events.map(({ code }) => code !== undefined)).toEqual([false, false, true])
    },
  },
  {
    section: '7.3',
    fact: 'an ordered refusal without a wording is the platform’s own, and needs a sheet to refuse',
    simulated: async (t) => {
      await t.control('next-event', { ending: 'deny' })
      expect(await t.tap({ agreePrivacy: false })).toMatchObject({ errno: 104 })
      expect(await t.tap({ platform: 'android' })).toEqual({ errMsg: 'getPhoneNumber:fail:user deny' })
    },
  },
  {
    section: '7.3',
    fact: 'an ordered event of the realtime component has its prefix',
    simulated: async (t) => {
      await switchTo(t, 'realtime-errmsg-prefix', 'getRealtimePhoneNumber')
      await t.control('next-event', { ending: 'cancel-bind' })
      expect(await t.tap({ component: 'realtime' })).toEqual({
        errMsg: 'getRealtimePhoneNumber:fail:cancel to bind phone',
      })
    },
  },
]

const usagePath = '/wxa/charge/usage/get'
const averagePath = '/wxa/charge/usage/get_recent_average'

/** The balance calls, in the bodies that were recorded. */
export const balance: Row[] = [
  {
    section: '8',
    fact: 'all and used in detailList are texts, as recorded, or numbers where switched',
    simulated: async (t) => {
      await t.tap()
      const query = { access_token: await t.token(), spuId: '10000077' }
      const detail = async () => ((await t.get(usagePath, query)).json.detailList as object[])[0]
      expect(await detail()).toMatchObject({
        all: '1000',
        used: '1',
        startServiceTime: 0,
        endServiceTime: 0,
      })
      await switchTo(t, 'usage-detail-numbers', 'number')
      expect(await detail()).toMatchObject({ all: 1000, used: 1 })
    },
  },
  {
    section: '8',
    fact: 'spuId, offset and limit may stand in the body of the GET; as texts only where switched',
    simulated: async (t) => {
      const query = { access_token: await t.token() }
      const ask = async (body: object, path = usagePath) =>
        (await t.send('GET', path, JSON.stringify(body), { query })).json
      expect(await ask({ spuId: '10000077', offset: 0, limit: 20 })).toMatchObject({ errcode: 0, total: 1 })
      expect(await ask({ spuId: 10000077, offset: 1 })).toMatchObject({ errcode: 0, detailList: [] })
      const texts = { spuId: '10000077', offset: '0', limit: '20' }
      expect(await ask(texts)).toMatchObject({ errcode: 0, total: 1 })
      await switchTo(t, 'usage-text-parameters', '10120002')
      expect(await ask(texts)).toMatchObject({ errcode: 10120002 })
      expect(await ask({ spuId: '10000077', limit: 21 })).toMatchObject({ errcode: 10120002 })
      expect(await ask({ spuId: '10000077', limit: {} })).toMatchObject({ errcode: 10120002 })
    },
  },
  {
    section: '8',
    fact: 'packs of a group purchase are missing in the ordinary call',
    simulated: async (t) => {
      const query = { access_token: await t.token(), spuId: '10000117' }
      expect((await t.get(usagePath, query)).json).toMatchObject({ errcode: 0, all: '0', total: 0 })
    },
  },
  {
    section: '8',
    fact: 'get_recent_average tells a month’s calls over three, blurred, 50 for less',
    simulated: async (t) => {
      const query = { access_token: await t.token(), spuId: '10000077' }
      const ask = async () => (await t.get(averagePath, query)).json
      await t.tap()
      expect(await ask()).toEqual({ errcode: 0, errmsg: 'ok', averageData: 50 })
      await switchTo(t, 'recent-average-errmsg', 'absent')
      expect(await ask()).toEqual({ errcode: 0, averageData: 50 })
      for (let i = 0; i < 380; i++) await t.tap()
      expect(await ask()).toEqual({ errcode: 0, averageData: 130 })
    },
  },
  {
    section: '8',
    fact: 'get_recent_average refuses a wrong spuId, and says when nothing was used for three months',
    simulated: async (t) => {
      const ask = async (spuId?: string) =>
        (await t.get(averagePath, { access_token: await t.token(), ...(spuId ? { spuId } : {}) })).json
      expect(await ask('1')).toMatchObject({ errcode: 10120700 })
      expect(await ask()).toMatchObject({ errcode: 10120002 })
      expect(await ask('10000077')).toMatchObject({ errcode: 10122000 })
      await t.tap()
      await t.advance(89 * 86_400)
      expect(await ask('10000077')).toMatchObject({ errcode: 0 })
      await t.advance(2 * 86_400)
      expect(await ask('10000077')).toMatchObject({ errcode: 10122000 })
    },
  },
]
