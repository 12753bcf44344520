import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SimulatorDevice } from './simulator.ts'
import { createUniPlatform } from './uni-platform.ts'

type Callbacks = { success(result: object): void; fail(error: object): void }

/** uni-app's globals on a platform, with a request that comes to what the test says. */
function stubUni(info: object, calls: object = {}) {
  const storage = new Map<string, unknown>()
  vi.stubGlobal('uni', {
    getAppBaseInfo: () => info,
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
    removeStorageSync: (key: string) => void storage.delete(key),
    ...calls,
  })
  return storage
}

const weChat = (SDKVersion: string) => ({ uniPlatform: 'mp-weixin', SDKVersion, language: 'zh_CN' })

afterEach(() => void vi.unstubAllGlobals())

describe('a WeChat mini program', () => {
  it('logs in by the silent login', async () => {
    stubUni(weChat('3.5.0'), { login: ({ success }: Callbacks) => success({ code: 'c1' }) })
    expect(createUniPlatform().wechat).toBe('native')
    expect(await createUniPlatform().login()).toBe('c1')
  })

  it('fails with a retry when WeChat gives no login code', async () => {
    stubUni(weChat('3.5.0'), { login: ({ fail }: Callbacks) => fail({ errMsg: 'login:fail' }) })
    await expect(createUniPlatform().login()).rejects.toMatchObject({
      reason: 'wechat-login',
      action: 'retry',
    })
    stubUni(weChat('3.5.0'), { login: ({ success }: Callbacks) => success({}) })
    await expect(createUniPlatform().login()).rejects.toMatchObject({ reason: 'wechat-login' })
  })

  it.each([
    ['2.33.0', false],
    ['2.33.1', true],
    ['2.33.10', true],
    ['3.0.0', true],
    ['2.9.9', false],
    [undefined, false],
  ])('of base library %s combines the privacy agreement with the tap: %s', (version, combines) => {
    stubUni({ uniPlatform: 'mp-weixin', SDKVersion: version })
    expect(createUniPlatform().combinesPrivacy).toBe(combines)
  })

  it.each([
    ['2.32.3', true, true],
    ['2.32.3', false, false],
    ['3.5.0', true, false],
  ])(
    'of base library %s, needAuthorization %s: asks for the agreement first: %s',
    async (version, needed, first) => {
      stubUni(weChat(version), {
        canIUse: () => true,
        getPrivacySetting: ({ success }: Callbacks) => success({ needAuthorization: needed }),
      })
      expect(await createUniPlatform().needsPrivacy()).toBe(first)
    },
  )

  it('asks for no agreement where the base library knows none', async () => {
    stubUni(weChat('2.20.0'), { canIUse: () => false })
    expect(await createUniPlatform().needsPrivacy()).toBe(false)
  })

  it.each([
    ['2.19.0', false, false],
    ['2.21.2', true, false],
    ['2.24.3', true, false],
    ['2.24.4', true, true],
  ])(
    'of base library %s gives a code to the quick button: %s, to the realtime one: %s',
    (version, quick, realtime) => {
      stubUni(weChat(version))
      expect(createUniPlatform().canAsk).toEqual({ quick, realtime })
    },
  )

  it('is read by the older call where the newer throws', () => {
    const getSystemInfoSync = () => weChat('2.19.0')
    const getAppBaseInfo = () => {
      throw new TypeError("Cannot read property 'apply' of undefined")
    }
    stubUni({}, { getAppBaseInfo, getSystemInfoSync })
    expect(createUniPlatform()).toMatchObject({ wechat: 'native', canAsk: { quick: false } })
  })
})

describe('a request', () => {
  const request = {
    method: 'POST',
    url: 'http://a.test/v1',
    headers: { x: '1' },
    body: { a: 1 },
    timeoutMs: 9,
  } as const

  it('goes out as JSON with its deadline, and any status is an answer', async () => {
    const sent = vi.fn(({ success }: Callbacks) => success({ statusCode: 503, data: { code: 'X' } }))
    stubUni(weChat('3.5.0'), { request: sent })
    expect(await createUniPlatform().request(request)).toEqual({ status: 503, body: { code: 'X' } })
    expect(sent.mock.calls[0]?.[0]).toMatchObject({
      method: 'POST',
      url: 'http://a.test/v1',
      header: { 'content-type': 'application/json', x: '1' },
      data: { a: 1 },
      timeout: 9,
    })
  })

  it.each([
    ['request:fail ', 'network'],
    ['request:fail timeout', 'timeout'],
    [undefined, 'network'],
  ])('that fails with %j is a %s failure', async (errMsg, reason) => {
    stubUni(weChat('3.5.0'), { request: ({ fail }: Callbacks) => fail({ errMsg }) })
    await expect(createUniPlatform().request(request)).rejects.toMatchObject({ reason, action: 'retry' })
  })
})

describe('a browser page', () => {
  const device = (user: string): SimulatorDevice => ({
    user,
    ready: async () => undefined,
    login: async () => ({ code: `code-of-${user}`, errMsg: 'login:ok' }),
    requestPhoneNumber: async (options) => ({ code: JSON.stringify(options) }),
  })
  const openPage = (haomaDevice?: SimulatorDevice) => {
    const reload = vi.fn()
    const listeners = new Map<string, () => void>()
    vi.stubGlobal('window', {
      haomaDevice,
      location: { reload },
      addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    })
    return { reload, fire: (name: string) => listeners.get(name)?.() }
  }

  it('has no WeChat by itself', async () => {
    stubUni({ uniPlatform: 'web', language: 'en-GB' })
    openPage()
    const platform = createUniPlatform()
    expect(platform).toMatchObject({ wechat: 'none', language: 'en' })
    await expect(platform.login()).rejects.toMatchObject({ reason: 'outside-wechat' })
    await expect(platform.requestPhoneNumber('quick', false)).rejects.toMatchObject({
      reason: 'outside-wechat',
    })
  })

  it('is read although its `canIUse` denies every call', () => {
    stubUni({ uniPlatform: 'web', language: 'en-GB' }, { canIUse: () => false })
    expect(createUniPlatform()).toMatchObject({ wechat: 'none', language: 'en', name: 'web' })
  })

  it('has nothing of the simulator in a production build', () => {
    stubUni({ uniPlatform: 'web', language: 'zh-CN' })
    openPage(device('alice'))
    vi.stubEnv('NODE_ENV', 'production')
    expect(createUniPlatform().wechat).toBe('none')
    vi.unstubAllEnvs()
  })

  it('has the simulator play WeChat when its script is there', async () => {
    stubUni({ uniPlatform: 'web', language: 'zh-CN' })
    openPage(device('alice'))
    const platform = createUniPlatform()
    expect(platform).toMatchObject({ wechat: 'simulated', language: 'zh', combinesPrivacy: true })
    expect(await platform.login()).toBe('code-of-alice')
    const { code = '' } = await platform.requestPhoneNumber('realtime', false)
    expect(JSON.parse(code)).toEqual({ component: 'realtime', noQuotaToast: false, agreePrivacy: true })
  })

  it('keeps what each user of the simulated phone has stored apart', () => {
    const storage = stubUni({ uniPlatform: 'web' })
    openPage(device('alice'))
    createUniPlatform().storage.set('k', 1)
    openPage(device('bob'))
    expect(createUniPlatform().storage.get('k')).toBeUndefined()
    expect([...storage.keys()]).toEqual(['k:alice'])
  })

  it('starts afresh when the simulated phone changes hands', () => {
    stubUni({ uniPlatform: 'web' })
    const page = openPage(device('alice'))
    createUniPlatform()
    page.fire('haomauserchange')
    expect(page.reload).toHaveBeenCalledOnce()
  })

  it('fails with a retry when the simulator is gone', async () => {
    stubUni({ uniPlatform: 'web' })
    const gone = () => Promise.reject(new Error('Failed to fetch'))
    openPage({ ...device(''), ready: gone, login: gone })
    await expect(createUniPlatform().ready()).rejects.toMatchObject({
      reason: 'wechat-login',
      action: 'retry',
    })
    await expect(createUniPlatform().login()).rejects.toMatchObject({ reason: 'wechat-login' })
  })
})
