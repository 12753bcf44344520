import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createHaoma, createLogger, type Haoma } from '@haoma/server'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consent, platformOf } from './support/person.ts'

// A mini program stays on people's phones as it was built. What was built once keeps working with the service of today:
// each file is `dist/miniprogram/index.js` of a version, made smaller. With each release its file is added and the
// oldest but two is taken away.
const folder = join(import.meta.dirname, 'fixtures/frozen')
const builds = readdirSync(folder).map((name) => [name] as const)
type Build = typeof import('@haoma/uni/core')

const app = { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
let simulator: Simulator
let haoma: Haoma

beforeAll(async () => {
  simulator = await createSimulator()
  haoma = await createHaoma({
    apps: [app],
    wechatHosts: [simulator.url],
    databaseUrl: ':memory:',
    masterKey: Buffer.alloc(32, 9),
    logger: createLogger('silent'),
  })
})
afterAll(async () => {
  await haoma?.close()
  await simulator?.close()
})

describe.each(builds)('%s and the service of today', (name) => {
  const { createLogin, LoginError } = createRequire(import.meta.url)(join(folder, name)) as Build
  const user = `user of ${name}`
  const storage = new Map<string, unknown>()
  const open = async () => {
    const login = createLogin({
      appid: app.appid,
      baseUrl: 'http://login.test',
      platform: platformOf({
        simulator,
        appid: app.appid,
        user,
        storage,
        network: (url, init) => Promise.resolve(haoma.fetch(new Request(url, init), { ip: '10.0.0.1' })),
        failed: (reason, cause) => new LoginError(reason, { cause }),
      }),
    })
    await login.start()
    return login
  }

  it('logs in silently, binds the number, and knows it on the next launch', async () => {
    const login = await open()
    expect(login.read()).toMatchObject({ status: 'ready', isNew: true, message: undefined })
    expect(login.tap('quick')).toBe(true)
    const outcome = await login.answer({ detail: consent(simulator, app.appid, user) }, 'quick')
    expect(outcome).toMatchObject({ result: 'bound', member: { phone: { bound: true } } })
    const again = await open()
    expect(again.read()).toMatchObject({ status: 'bound', isNew: false })
    expect(again.read().member?.phone.masked).toMatch(/^\d{3}\*{4}\d{4}$/)
  })

  it('understands what the service refuses, in words and in what to do', async () => {
    const login = await open()
    login.tap('quick')
    const outcome = await login.answer({ code: 'f'.repeat(64) }, 'quick')
    expect(outcome).toMatchObject({
      result: 'failed',
      error: { reason: 'PHONE_CODE_INVALID', action: 'tap-again' },
    })
    expect(login.read().message).toMatch(/[一-鿿]/)
  })

  it('keeps its session alive, lists its devices, and ends it', async () => {
    const login = await open()
    const token = await login.accessToken()
    const now = Date.now
    Date.now = () => now() + 20 * 60_000
    const renewed = await login.accessToken().finally(() => {
      Date.now = now
    })
    expect(renewed).not.toBe(token)
    const devices = await login.devices()
    expect(devices.map(({ isCurrent, deviceName }) => ({ isCurrent, deviceName }))).toContainEqual({
      isCurrent: true,
      deviceName: 'iPhone 15',
    })
    await login.signOut()
    expect(login.read()).toMatchObject({ status: 'signed-out', member: undefined })
    await login.signIn()
    expect(login.read().status).toBe('bound')
  })
})
