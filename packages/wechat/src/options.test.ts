import { afterEach, describe, expect, it } from 'vitest'
import { appid, appSecret, phoneAnswer, phoneCode } from '../test/stand-in.ts'
import {
  type AppConfig,
  type CallOptions,
  createMemoryTokenStore,
  createSecret,
  createWeChat,
  isWxError,
  type TokenStore,
  type Transport,
  type TransportRequest,
  type WeChat,
  type WeChatOptions,
} from './index.ts'

let wechat: WeChat | undefined
afterEach(() => wechat?.close())

const sent: TransportRequest[] = []
const transport: Transport = {
  async request(request) {
    sent.push(request)
    const isToken = request.path.startsWith('/cgi-bin/stable_token')
    const answer = isToken ? { access_token: 'T', expires_in: 7200 } : phoneAnswer()
    return { status: 200, headers: {}, body: JSON.stringify(answer) }
  },
}

function open(options: object = {}): WeChat {
  sent.length = 0
  wechat = createWeChat({ apps: [{ appid, appSecret }], transport, ...options } as WeChatOptions)
  return wechat
}

const badOption = (name: string) =>
  expect.objectContaining({
    code: 'ERR_WX_BAD_OPTION',
    message: expect.stringContaining(name),
    texts: { en: expect.stringContaining(name), zh: expect.stringContaining(name) },
  })

describe('a client', () => {
  const times = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 1e12, '500', null, {}]
  it.each(
    ['timeoutMs', 'tokenTimeoutMs', 'storeTimeoutMs'].flatMap((name) => times.map((value) => [name, value])),
  )('refuses %s %j by name, in both languages', (name, value) => {
    expect(() => open({ [String(name)]: value })).toThrow(badOption(String(name)))
  })

  it.each([
    ['options', null],
    ['options', 'wx'],
  ])('refuses %s that are no object: %j', (name, options) => {
    expect(() => createWeChat(options as WeChatOptions)).toThrow(badOption(name))
  })

  it.each([
    ['apps', { appid }],
    ['apps', 'wx'],
    ['app', [null]],
    ['resolveApp', 'vault'],
    ['tokenStore', 'redis'],
    ['tokenSource', 'stabel'],
    ['tokenSource', null],
    ['tokenSource', {}],
    ['transport', 'fetch'],
    ['transport', {}],
    ['hosts', 'https://api.weixin.qq.com'],
    ['clock', 5],
    ['tokenFetchesPerHour', Number.NaN],
    ['tokenFetchesPerHour', '60'],
  ])('refuses %s %j by name', (name, value) => {
    const option = name === 'app' ? 'apps' : name
    expect(() => open({ [option]: value })).toThrow(badOption(name))
  })

  it.each(['read', 'acquire', 'renew', 'write', 'release', 'takeForcePermit'])(
    'refuses a token store without %s, and names what it lacks',
    (method) => {
      const tokenStore = { ...createMemoryTokenStore(), [method]: undefined } as unknown as TokenStore
      expect(() => open({ tokenStore })).toThrow(badOption(`${method} of tokenStore`))
    },
  )

  it('takes the longest time that a timer can wait', async () => {
    const longest = 2 ** 31 - 1
    const app = open({ timeoutMs: longest, tokenTimeoutMs: longest }).app(appid)
    expect(await app.getPhoneNumber({ phoneCode }, { timeoutMs: longest })).toMatchObject({ appid })
  })
})

describe('an app', () => {
  const register = (config: object) => () => open({ apps: [config] as readonly AppConfig[] })

  it.each([
    ['a space', `${appSecret.slice(0, 8)} ${appSecret.slice(8)}`],
    ['a zero-width space', `${appSecret}\u200b`],
    ['a byte-order mark', `${appSecret.slice(0, 8)}\ufeff${appSecret.slice(8)}`],
    ['a soft hyphen', `\u00ad${appSecret}`],
    ['full-width letters', appSecret.replace('a', 'ａ')],
    ['full-width punctuation', `${appSecret}，wxB`],
    ['quotes', `"${appSecret}"`],
    ['typographic quotes', `“${appSecret}”`],
    ['a line end within', 'first\nsecond'],
    ['nothing', ' \n'],
    ['null', null],
    ['a number', 5],
    ['an object that is no secret', {}],
    ['a secret that is no text', { reveal: () => 5 }],
    ['an appid', 'wxabcdef1234567890'],
  ])('whose secret is pasted with, or is, %s is refused at once, and the secret is not told', (_, secret) => {
    const create = register({ appid, appSecret: secret })
    expect(create).toThrow(badOption('appSecret'))
    if (typeof secret === 'string' && secret.trim() !== '') {
      expect(create).not.toThrow(expect.objectContaining({ message: expect.stringContaining(secret) }))
    }
  })

  it.each([
    [`${appSecret}\n`],
    [` ${appSecret}\r\n`],
    [`\ufeff${appSecret}`],
    [createSecret(`${appSecret} `)],
  ])('has the space around its secret taken off, as files add it', async (secret) => {
    await open({ apps: [{ appid, appSecret: secret }] })
      .app(appid)
      .getAccessToken()
    expect(JSON.parse(String(sent[0]?.body))).toMatchObject({ secret: appSecret })
  })

  it.each([
    [`${appid} `],
    [`${appid}\u200b`],
    ['ｗx1234567890abcdef'],
    [`"${appid}"`],
    ['wx/../x'],
    [''],
    [null],
    [undefined],
    [5],
  ])('whose appid is %j is refused', (pasted) => {
    expect(register({ appid: pasted, appSecret })).toThrow(badOption('appid'))
  })

  it.each([
    ['apiSecurity', 'keys'],
    ['symmetricKey', {}],
    ['platformCertificates', { symmetricKey: { sn: '1', key: 'k' }, privateKey: 'k' }],
    ['certificate', { symmetricKey: { sn: '1', key: 'k' }, privateKey: 'k', platformCertificates: [null] }],
    [
      'toleranceS',
      {
        symmetricKey: { sn: '1', key: 'k' },
        privateKey: 'k',
        platformCertificates: [{ sn: '2', publicKey: 'k' }],
        toleranceS: Number.NaN,
      },
    ],
  ])('refuses %s of API security in %j', (name, apiSecurity) => {
    expect(register({ appid, appSecret, apiSecurity })).toThrow(
      expect.objectContaining({ code: 'ERR_WX_BAD_OPTION', message: expect.stringContaining(name) }),
    )
  })

  it('whose appid and secret are swapped is refused, and the secret is not told', () => {
    const real = '0123456789abcdef0123456789abcdef'
    const create = register({ appid: real, appSecret: 'wx1234567890abcdef' })
    expect(create).toThrow(badOption('appid'))
    expect(create).toThrow('swapped')
    expect(create).not.toThrow(expect.objectContaining({ message: expect.stringContaining(real) }))
  })
})

describe('a call', () => {
  const times = [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '500', null]
  it.each(times)('refuses timeoutMs %j before anything is sent', async (timeoutMs) => {
    const app = open().app(appid)
    const options = { timeoutMs } as CallOptions
    await expect(app.getPhoneNumber({ phoneCode }, options)).rejects.toEqual(badOption('timeoutMs'))
    await expect(app.getAccessToken(options)).rejects.toEqual(badOption('timeoutMs'))
    await expect(app.call('/wxa/any', options)).rejects.toEqual(badOption('timeoutMs'))
    expect(sent).toHaveLength(0)
  })

  it.each([
    ['options', 500],
    ['options', null],
    ['signal', { signal: 'stop' }],
    ['signal', { signal: null }],
  ])('refuses %s %j', async (name, options) => {
    const call = open()
      .app(appid)
      .getPhoneNumber({ phoneCode }, options as never)
    await expect(call).rejects.toEqual(badOption(name))
  })

  it.each([undefined, null, 5, 'text', {}])(
    'without its input (%j) rejects with a WxError',
    async (input) => {
      const client = open()
      const app = client.app(appid)
      const given = input as never
      const calls = [
        app.getPhoneNumber(given),
        app.code2Session(given),
        app.checkSession(given),
        app.resetSessionKey(given),
        app.checkEncryptedMsg(given),
        app.getQuota(given),
        app.clearApiQuota(given),
        app.getRid(given),
        app.getChargeUsage(given),
        app.getRecentAverageUsage(given),
        app.refreshAccessToken(given === 'text' ? (null as never) : given),
        app.call(given === 'text' ? ('text' as never) : given),
      ]
      for (const call of await Promise.allSettled(calls)) {
        expect(call).toMatchObject({ status: 'rejected', reason: { code: 'ERR_WX_BAD_OPTION' } })
        expect(isWxError((call as PromiseRejectedResult).reason)).toBe(true)
      }
      expect(sent).toHaveLength(0)
      if (typeof input !== 'string') {
        expect(() => client.withAccessToken(given)).toThrow(badOption('accessToken'))
      }
    },
  )

  it.each([[''], [null], [5]])('refuses openid %j before the code is spent', async (openid) => {
    const call = open()
      .app(appid)
      .getPhoneNumber({ phoneCode, openid } as never)
    await expect(call).rejects.toEqual(badOption('openid'))
    expect(sent).toHaveLength(0)
  })

  it.each([
    ['limit', { limit: 21 }],
    ['limit', { limit: Number.NaN }],
    ['offset', { offset: -1 }],
    ['offset', { offset: '0' }],
    ['spuId', { spuId: 5 }],
  ])('refuses %s in %j', async (name, input) => {
    const call = open()
      .app(appid)
      .getChargeUsage({ spuId: '1', ...input } as never)
    await expect(call).rejects.toEqual(badOption(name))
  })
})
