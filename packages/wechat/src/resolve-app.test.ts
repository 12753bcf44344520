import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, appSecret, loginCode, openStandIn, phoneCode, type StandIn } from '../test/stand-in.ts'
import { type App, createWeChat, isWxError, type WeChat, type WeChatOptions } from './index.ts'

const tokenPath = '/cgi-bin/stable_token'
const wrongSecret = 'another-app-secret-0123456789abc'
let standIn: StandIn
let wechat: WeChat | undefined

function open(resolveApp: unknown, options: WeChatOptions = {}): App {
  wechat = createWeChat({
    hosts: [standIn.url],
    resolveApp: resolveApp as WeChatOptions['resolveApp'],
    ...options,
  })
  return wechat.app(appid)
}

beforeEach(async () => {
  standIn = await openStandIn()
})
afterEach(async () => {
  await wechat?.close()
  await standIn.close()
})

const calls: [
  string,
  (app: App, options: { timeoutMs?: number; signal?: AbortSignal }) => Promise<unknown>,
][] = [
  ['getPhoneNumber', (app, options) => app.getPhoneNumber({ phoneCode }, options)],
  ['code2Session', (app, options) => app.code2Session({ loginCode }, options)],
  ['call', (app, options) => app.call('/wxa/any', options)],
  ['getQuota', (app, options) => app.getQuota({ path: '/wxa/any' } as never, options)],
  ['clearQuotaWithSecret', (app, options) => app.clearQuotaWithSecret(options)],
  ['getAccessToken', (app, options) => app.getAccessToken(options)],
  ['refreshAccessToken', (app, options) => app.refreshAccessToken('dead', options)],
  ['forceRefresh', (app, options) => app.forceRefresh(options)],
]

describe('a resolveApp that never answers', () => {
  it.each(calls)('is inside the deadline and the signal of %s', async (_, call) => {
    const app = open(() => new Promise(() => {}))
    await expect(call(app, { timeoutMs: 60 })).rejects.toMatchObject({ code: 'ERR_WX_TIMEOUT' })
    const aborter = new AbortController()
    const aborted = expect(call(app, { signal: aborter.signal })).rejects.toMatchObject({
      code: 'ERR_WX_ABORTED',
    })
    aborter.abort()
    await aborted
  })

  it('is given up on, and asked anew by the next who needs the app', async () => {
    let asked = 0
    const app = open(() => (++asked === 1 ? new Promise(() => {}) : { appid, appSecret }), { timeoutMs: 100 })
    const error = await app.getAccessToken({ timeoutMs: 5000 }).catch((e) => e)
    expect(error).toMatchObject({ code: 'ERR_WX_RESOLVE_APP', retryable: true })
    expect((await app.getAccessToken({ timeoutMs: 5000 })).accessToken.reveal()).toBe(standIn.currentToken())
    expect(asked).toBe(2)
  })
})

describe('a resolveApp', () => {
  it.each([
    ['throws', () => Promise.reject(Object.assign(new Error('db is down'), { password: 'seeded-secret' }))],
    [
      'throws at once',
      () => {
        throw new Error('db is down')
      },
    ],
    ['gives a text', () => 'seeded-secret'],
    ['gives another app', () => ({ appid: 'wx0000000000000000', appSecret })],
    ['gives an app with no usable secret', () => ({ appid, appSecret: '' })],
    ['gives a source that cannot be made', () => ({ appid, tokenSource: () => undefined })],
  ])('that %s gives an error of ours that holds nothing else of it', async (_, resolveApp) => {
    const app = open(resolveApp)
    for (const [, call] of calls) {
      const error = await call(app, {}).catch((e) => e)
      expect(isWxError(error)).toBe(true)
      expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('seeded-secret')
    }
  })

  it('is asked again when its secret is refused, and the call goes on with the new one', async () => {
    let asked = 0
    const app = open(() => ({ appid, appSecret: ++asked === 1 ? wrongSecret : appSecret }))
    await app.getPhoneNumber({ phoneCode })
    expect(asked).toBe(2)
    expect(standIn.count(tokenPath)).toBe(2)
  })

  it('is asked again when its secret is refused by code2Session', async () => {
    let asked = 0
    standIn.route('/sns/jscode2session', ({ query }) =>
      query.get('secret') === appSecret
        ? { openid: 'o', session_key: 'k' }
        : { errcode: 40125, errmsg: 'invalid appsecret' },
    )
    const app = open(() => ({ appid, appSecret: ++asked === 1 ? wrongSecret : appSecret }))
    expect((await app.code2Session({ loginCode })).openid).toBe('o')
  })

  it('is not asked for every refused call', async () => {
    let asked = 0
    const app = open(() => {
      asked += 1
      return { appid, appSecret: wrongSecret }
    })
    standIn.route('/sns/jscode2session', () => ({ errcode: 40125, errmsg: 'invalid appsecret' }))
    for (let i = 0; i < 20; i++) {
      await expect(app.code2Session({ loginCode })).rejects.toMatchObject({ errcode: 40125 })
      await expect(app.getAccessToken()).rejects.toMatchObject({ errcode: 40125 })
    }
    expect(asked).toBe(2)
    expect(standIn.count('/sns/jscode2session')).toBe(20)
    expect(standIn.count(tokenPath)).toBe(1)
  })
})

describe('a circuit', () => {
  const shut = async (app: App) => {
    standIn.route(tokenPath, () => ({ errcode: 45009, errmsg: 'reach max api daily quota limit' }))
    await expect(app.getAccessToken()).rejects.toMatchObject({ errcode: 45009 })
    standIn.route(tokenPath, () => ({ access_token: standIn.replaceToken(), expires_in: 7200 }))
    await expect(app.getAccessToken()).rejects.toMatchObject({ errcode: 45009 })
  }

  it.each([
    ['clearQuotaWithSecret', (app: App) => app.clearQuotaWithSecret()],
    ['retryNow', async (app: App) => app.retryNow()],
    ['registerApp', async () => wechat?.registerApp({ appid, appSecret })],
  ])('is closed by %s', async (_, mend) => {
    standIn.route('/cgi-bin/clear_quota/v2', () => ({ errcode: 0, errmsg: 'ok' }))
    const app = open(undefined, { apps: [{ appid, appSecret }] })
    await shut(app)
    await mend(app)
    expect((await app.getAccessToken()).accessToken.reveal()).toBe(standIn.currentToken())
  })
})
