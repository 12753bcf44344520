import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appid,
  appSecret,
  loginCode,
  openStandIn,
  phoneAnswer,
  phoneCode,
  type StandIn,
} from '../test/stand-in.ts'
import { createMemoryTokenStore, createWeChat, isWxError, type WeChat, type WeChatOptions } from './index.ts'

const phonePath = '/wxa/business/getuserphonenumber'
const tokenPath = '/cgi-bin/stable_token'

let standIn: StandIn
const clients: WeChat[] = []

function open(options: WeChatOptions = {}): WeChat {
  const wechat = createWeChat({ apps: [{ appid, appSecret }], hosts: [standIn.url], ...options })
  clients.push(wechat)
  return wechat
}

beforeEach(async () => {
  standIn = await openStandIn()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await standIn.close()
})

describe('getPhoneNumber', () => {
  it('gives the number in E.164 with its time and appid', async () => {
    expect(await open().app(appid).getPhoneNumber({ phoneCode, openid: 'oUser' })).toEqual({
      e164: '+8613580006666',
      nationalNumber: '13580006666',
      countryCallingCode: '86',
      capturedAt: new Date(1637744274_000),
      appid,
    })
    const sent = standIn.seen.at(-1)
    expect(JSON.parse(sent?.body ?? '')).toEqual({ code: phoneCode, openid: 'oUser' })
    expect(sent?.headers['content-length']).toBeDefined()
  })

  it('refuses data watermarked for another appid', async () => {
    standIn.route(phonePath, () => phoneAnswer({ watermark: { timestamp: 1, appid: 'wxother' } }))
    await expect(open().app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_APPID_MISMATCH',
    })
  })

  it('refuses a login code before it sends anything', async () => {
    await expect(open().app(appid).getPhoneNumber({ phoneCode: loginCode })).rejects.toMatchObject({
      code: 'ERR_WX_LOGIN_CODE_AS_PHONE_CODE',
      kind: 'code',
      mustTapAgain: true,
      retryable: false,
    })
    expect(standIn.seen).toHaveLength(0)
  })

  it('explains a refused code and asks for another tap', async () => {
    standIn.route(phonePath, () => ({
      errcode: 40029,
      errmsg: 'invalid code hint: [hElexSDNRa-XiBFgA] rid: 617682e0-09059ac5-34a8e2ea',
    }))
    const error = await open()
      .app(appid)
      .getPhoneNumber({ phoneCode })
      .catch((e) => e)
    expect(isWxError(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'ERR_WX_CODE',
      kind: 'code',
      errcode: 40029,
      rid: '617682e0-09059ac5-34a8e2ea',
      ridAt: new Date(1635156704_000),
      retryable: false,
      mustTapAgain: true,
    })
    expect(error.texts.zh).toContain('5 分钟')
    expect(error.texts.en).toContain('tap')
    expect(standIn.count(phonePath)).toBe(1)
  })

  it.each([
    ['the connection is cut', () => 'cut' as const],
    ['WeChat answers -1', () => ({ errcode: -1, errmsg: 'system error' })],
    ['a gateway answers 502', () => ({ status: 502, text: '<html>' })],
  ])('says that the outcome is unknown when %s, and sends the code once', async (_, reply) => {
    standIn.route(phonePath, reply)
    await expect(open().app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_OUTCOME_UNKNOWN',
      retryable: false,
      mustTapAgain: false,
    })
    expect(standIn.count(phonePath)).toBe(1)
  })

  it('says that the outcome is unknown when the time runs out after sending', async () => {
    standIn.route(phonePath, () => 'hang')
    await expect(open().app(appid).getPhoneNumber({ phoneCode }, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'ERR_WX_OUTCOME_UNKNOWN',
      cause: { code: 'ERR_WX_TIMEOUT', requestSent: true },
    })
  })

  it('says that nothing was sent when the host cannot be reached', async () => {
    const wechat = open({ hosts: ['http://127.0.0.1:1'] }).withAccessToken('token', { appid })
    await expect(wechat.getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_NOT_SENT',
      requestSent: false,
      retryable: true,
    })
  })
})

describe('code2Session', () => {
  it('gives the user with a session key that does not print, and fetches no token', async () => {
    const session = await open().app(appid).code2Session({ loginCode })
    expect(session.openid).toBe('oGZUI0egBJY1zhBYw2KhdUfwVJJE')
    expect(session.sessionKey.reveal()).toBe('HyVFkGl5F5OQWJZZaNzBBg==')
    expect(JSON.stringify(session)).toContain('[secret]')
    expect('unionid' in session).toBe(false)
    expect(standIn.count(tokenPath)).toBe(0)
  })

  it('refuses a phone code before it sends anything', async () => {
    await expect(open().app(appid).code2Session({ loginCode: phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_PHONE_CODE_AS_LOGIN_CODE',
      mustLoginAgain: true,
    })
    expect(standIn.seen).toHaveLength(0)
  })

  it('asks for another wx.login when the code has been used', async () => {
    standIn.route('/sns/jscode2session', () => ({
      errcode: 40163,
      errmsg: 'code been used, rid: 617682e0-09059ac5-34a8e2ea',
    }))
    await expect(open().app(appid).code2Session({ loginCode })).rejects.toMatchObject({
      errcode: 40163,
      kind: 'code',
      mustLoginAgain: true,
      mustTapAgain: false,
    })
  })
})

describe('access token', () => {
  it('is fetched once for a hundred cold callers', async () => {
    const app = open().app(appid)
    await Promise.all(Array.from({ length: 100 }, () => app.getPhoneNumber({ phoneCode })))
    expect(standIn.count(tokenPath)).toBe(1)
    expect(standIn.count(phonePath)).toBe(100)
  })

  it('is replaced once for a hundred callers that hold a dead one, with no failed call', async () => {
    const app = open().app(appid)
    await app.getPhoneNumber({ phoneCode })
    standIn.replaceToken()
    await Promise.all(Array.from({ length: 100 }, () => app.getPhoneNumber({ phoneCode })))
    expect(standIn.count(tokenPath)).toBe(2)
  })

  it('is repeated exactly once when WeChat keeps refusing it', async () => {
    standIn.route('/wxa/any', () => ({ errcode: 42001, errmsg: 'access_token expired rid: x' }))
    await expect(open().app(appid).call('/wxa/any', { body: {} })).rejects.toMatchObject({ kind: 'token' })
    expect(standIn.count('/wxa/any')).toBe(2)
  })

  it('is given for the asking and does not print', async () => {
    const token = await open().app(appid).getAccessToken()
    expect(token.accessToken.reveal()).toBe(standIn.currentToken())
    expect(token.expiresInS).toBeGreaterThan(7000)
    expect(`${token.accessToken}`).toBe('[secret]')
  })

  it('is not asked for again while a wrong AppSecret is remembered', async () => {
    const app = open({ apps: [{ appid, appSecret: 'wrong' }] }).app(appid)
    for (let i = 0; i < 50; i++) {
      await expect(app.getPhoneNumber({ phoneCode })).rejects.toMatchObject({
        errcode: 40125,
        kind: 'config',
      })
    }
    expect(standIn.count(tokenPath)).toBe(1)
  })
})

describe('apps', () => {
  it('rejects an app that is not registered, saying what to do', () => {
    expect(() => open().app('wxother')).toThrow(/registerApp/)
  })

  it('come from resolveApp, asked once', async () => {
    let asked = 0
    const resolveApp = async (id: string) => {
      asked++
      return id === appid ? { appid, appSecret } : undefined
    }
    const wechat = open({ apps: [], resolveApp })
    expect(await wechat.hasApp('wxother')).toBe(false)
    const app = wechat.app(appid)
    await Promise.all([app.getPhoneNumber({ phoneCode }), app.getPhoneNumber({ phoneCode })])
    expect(asked).toBe(2)
    await expect(wechat.app('wxother').call('/wxa/x')).rejects.toMatchObject({
      code: 'ERR_WX_APP_NOT_REGISTERED',
    })
  })

  it('work at once with a new AppSecret', async () => {
    const wechat = open({ apps: [{ appid, appSecret: 'wrong' }] })
    const app = wechat.app(appid)
    await expect(app.getPhoneNumber({ phoneCode })).rejects.toMatchObject({ kind: 'config' })
    wechat.registerApp({ appid, appSecret })
    expect((await app.getPhoneNumber({ phoneCode })).appid).toBe(appid)
  })
})

describe('a closed client', () => {
  it('rejects calls', async () => {
    const wechat = open()
    await wechat.close()
    await expect(wechat.app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_CLOSED',
    })
  })
})

describe('unregisterApp', () => {
  it('forgets the token too: a wrong secret does not work from what the right one fetched', async () => {
    const wechat = open()
    await wechat.app(appid).getAccessToken()
    wechat.unregisterApp(appid)
    standIn.route(tokenPath, () => ({ errcode: 40125, errmsg: 'invalid appsecret' }))
    const app = wechat.registerApp({ appid, appSecret: 'f'.repeat(32) })
    await expect(app.getAccessToken()).rejects.toMatchObject({ errcode: 40125 })
  })

  it('leaves the token that other processes share', async () => {
    const tokenStore = createMemoryTokenStore()
    const wechat = open({ tokenStore })
    await wechat.app(appid).getAccessToken()
    wechat.unregisterApp(appid)
    expect(await tokenStore.read(appid)).toBeDefined()
  })
})
