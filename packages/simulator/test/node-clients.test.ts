import { createRequire } from 'node:module'
import { describe, expect } from 'vitest'
import type { Simulator } from '../src/index.ts'
import { test } from '../src/vitest.ts'

// Clients that were not written here, as their authors published them, pointed at the simulator with
// nothing but their own settings. CommonJS, and without types that hold.
const require = createRequire(import.meta.url)

const phonePath = '/wxa/business/getuserphonenumber'
const userOf = (simulator: Simulator) => {
  const [app] = simulator.apps
  if (!app) throw new Error('the seed has an app')
  const party = { appid: app.appid, user: '李雷' }
  return {
    app,
    loginCode: () => simulator.device.login(party).code,
    phoneCode: () => simulator.device.phone({ ...party, component: 'quick', answer: 'allow' }).code ?? '',
  }
}

describe('node-easywechat', () => {
  const { MiniApp } = require('node-easywechat')

  /** Its default cache writes the AppSecret into a file name; a map is all it needs. */
  function createCache() {
    const values = new Map<string, unknown>()
    return {
      get: async (id: string) => values.get(id),
      has: async (id: string) => values.has(id),
      set: async (id: string, data: unknown) => values.set(id, data) !== undefined,
      delete: async (id: string) => values.delete(id),
    }
  }
  function open(simulator: Simulator) {
    const { app, ...user } = userOf(simulator)
    const client = new MiniApp({
      app_id: app.appid,
      secret: app.appSecret,
      use_stable_access_token: true,
      http: { baseURL: simulator.url },
    })
    client.setCache(createCache())
    const exchange = async (code: string) =>
      (await client.getClient().request('POST', phonePath, { json: { code } })).toObject()
    return { client, exchange, ...user }
  }

  test('logs in and gets the number', async ({ simulator }) => {
    const { client, exchange, loginCode, phoneCode } = open(simulator)
    expect(await client.getUtils().codeToSession(loginCode())).toMatchObject({
      openid: expect.stringMatching(/^o/),
      session_key: expect.any(String),
    })
    expect(await exchange(phoneCode())).toMatchObject({ phone_info: { purePhoneNumber: '13580006666' } })
  })

  test('decrypts encryptedData with its own code', async ({ simulator }) => {
    const { client, loginCode } = open(simulator)
    const { session_key } = await client.getUtils().codeToSession(loginCode())
    const { iv, encryptedData } = simulator.device.phone({
      appid: simulator.apps[0]?.appid ?? '',
      user: '李雷',
      component: 'quick',
      answer: 'allow',
    })
    expect(client.getUtils().decryptSession(session_key, iv, encryptedData)).toMatchObject({
      phoneNumber: '13580006666',
    })
  })

  test('fails on a login code that was used', async ({ simulator }) => {
    const { client, loginCode } = open(simulator)
    const code = loginCode()
    await client.getUtils().codeToSession(code)
    await expect(client.getUtils().codeToSession(code)).rejects.toThrow('40163')
  })

  test('does not notice that its token was replaced, as in real life', async ({ simulator }) => {
    const { exchange, phoneCode } = open(simulator)
    await exchange(phoneCode())
    simulator.control.replaceToken(simulator.apps[0]?.appid ?? '', { strict: true })
    for (let i = 0; i < 3; i++) expect(await exchange(phoneCode())).toMatchObject({ errcode: 40001 })
  })
})

describe('co-wechat-api', () => {
  const CoWeChatApi = require('co-wechat-api')

  function open(simulator: Simulator) {
    const { app, ...user } = userOf(simulator)
    const client = new CoWeChatApi(app.appid, app.appSecret)
    client.prefix = `${simulator.url}/cgi-bin/`
    client.snsPrefix = `${simulator.url}/sns/`
    const exchange = async (code: string) => {
      const { accessToken } = await client.ensureAccessToken()
      return client.request(`${simulator.url}${phonePath}?access_token=${accessToken}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        data: JSON.stringify({ code }),
      })
    }
    return { client, exchange, ...user }
  }

  test('logs in and gets the number', async ({ simulator }) => {
    const { client, exchange, loginCode, phoneCode } = open(simulator)
    expect(await client.code2Session(loginCode())).toMatchObject({ openid: expect.stringMatching(/^o/) })
    expect(await exchange(phoneCode())).toMatchObject({ phone_info: { purePhoneNumber: '13580006666' } })
  })

  test('fetches again when its token was replaced, and gets through', async ({ simulator }) => {
    const { exchange, phoneCode } = open(simulator)
    await exchange(phoneCode())
    simulator.control.replaceToken(simulator.apps[0]?.appid ?? '', { kind: 'legacy', strict: true })
    expect(await exchange(phoneCode())).toMatchObject({ errcode: 0 })
  })

  test('fails on a phone code that was used, with WeChat’s errcode', async ({ simulator }) => {
    const { exchange, phoneCode } = open(simulator)
    const code = phoneCode()
    await exchange(code)
    await expect(exchange(code)).rejects.toMatchObject({ code: 40029 })
  })
})
