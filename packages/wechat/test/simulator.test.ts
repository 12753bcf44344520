/** The SDK against the simulator: two readings of WeChat's pages that know nothing of each other. */
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decryptPhoneNumber } from '../src/encrypted-data/index.ts'
import { type App, createWeChat, type WeChat, type WeChatOptions } from '../src/index.ts'

const user = '李雷'
let simulator: Simulator
let appid: string
let appSecret: string
const clients: WeChat[] = []

function open(options: WeChatOptions = {}): App {
  const wechat = createWeChat({ apps: [{ appid, appSecret }], hosts: [simulator.url], ...options })
  clients.push(wechat)
  return wechat.app(appid)
}

function tap(component: 'quick' | 'realtime' = 'quick') {
  const detail = simulator.device.phone({ appid, user, component, answer: 'allow' })
  if (detail.code === undefined) throw new Error(detail.errMsg)
  return { ...detail, phoneCode: detail.code }
}

const login = () => ({ loginCode: simulator.device.login({ appid, user }).code })

beforeEach(async () => {
  simulator = await createSimulator()
  const [first] = simulator.apps
  if (first === undefined) throw new Error('the simulator starts with no app')
  appid = first.appid
  appSecret = first.appSecret
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  await simulator.close()
})

describe('a login', () => {
  it.each(['quick', 'realtime'] as const)(
    'gives the user and the number of the %s component',
    async (component) => {
      const app = open()
      const { openid, sessionKey } = await app.code2Session(login())
      const { phoneCode } = tap(component)
      const number = await app.getPhoneNumber({ phoneCode, openid })
      expect(number.e164).toMatch(/^\+86\d{11}$/)
      expect(number.appid).toBe(appid)
      expect(await app.checkSession({ openid, sessionKey })).toBe(true)
    },
  )

  it('gives a foreign number in E.164', async () => {
    simulator.control.putUser({ name: user, numbers: ['+85261234567'] })
    const { phoneCode } = tap()
    expect(await open().getPhoneNumber({ phoneCode })).toMatchObject({
      e164: '+85261234567',
      nationalNumber: '61234567',
      countryCallingCode: '852',
    })
  })

  it('says what is wrong with a code that is used, of another user, or old', async () => {
    const app = open()
    const { phoneCode } = tap()
    await app.getPhoneNumber({ phoneCode })
    await expect(app.getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      errcode: 40029,
      mustTapAgain: true,
    })
    await expect(
      app.getPhoneNumber({ phoneCode: tap().phoneCode, openid: 'o-someone-else-0000000000000' }),
    ).rejects.toMatchObject({ kind: 'code', mustTapAgain: true })

    const used = login()
    await app.code2Session(used)
    await expect(app.code2Session(used)).rejects.toMatchObject({ errcode: 40163, mustLoginAgain: true })

    const old = { tap: tap().phoneCode, login: login() }
    simulator.clock.advance(301_000)
    await expect(app.getPhoneNumber({ phoneCode: old.tap })).rejects.toMatchObject({ errcode: 40029 })
    await expect(app.code2Session(old.login)).rejects.toMatchObject({ errcode: 40029 })
  })

  it('reads the old encrypted form of the same number', async () => {
    const app = open()
    const { sessionKey } = await app.code2Session(login())
    const { encryptedData, iv, phoneCode } = tap()
    if (encryptedData === undefined || iv === undefined) throw new Error('the event lacks encryptedData')
    const decrypted = await decryptPhoneNumber({ appid, sessionKey, encryptedData, iv })
    expect(decrypted.e164).toBe((await app.getPhoneNumber({ phoneCode })).e164)
    expect((await app.checkEncryptedMsg({ encryptedData })).isValid).toBe(true)
  })
})

describe('tokens', () => {
  it('that another server replaces cost no call', async () => {
    const app = open()
    for (let i = 0; i < 5; i++) {
      await app.getPhoneNumber({ phoneCode: tap().phoneCode })
      simulator.control.replaceToken(appid, { strict: true })
    }
    await app.getPhoneNumber({ phoneCode: tap().phoneCode })
  })

  it.each(['stable', 'legacy'] as const)('of the %s source work', async (tokenSource) => {
    const app = open({ tokenSource })
    await app.getPhoneNumber({ phoneCode: tap().phoneCode })
    const before = (await app.getAccessToken()).accessToken.reveal()
    const after = (await app.forceRefresh()).accessToken.reveal()
    expect(after).not.toBe(before)
    await app.getPhoneNumber({ phoneCode: tap().phoneCode })
  })

  it('are refused for a wrong AppSecret with a text that says so', async () => {
    const app = open({ apps: [{ appid, appSecret: 'wrong-secret' }] })
    await expect(app.getAccessToken()).rejects.toMatchObject({ kind: 'config', errcode: 40125 })
  })
})

describe('faults', () => {
  const phonePath = '/wxa/business/getuserphonenumber'

  it.each([
    ['drop-after', {}],
    ['drop-before', {}],
    ['half-body', {}],
    ['garbage', { status: 502 }],
    ['errcode', { errcode: -1 }],
  ] as const)(
    '%s leaves the outcome of an exchange open, and one more try on purpose settles it',
    async (kind, more) => {
      const app = open()
      const { phoneCode } = tap()
      simulator.control.addFault({ kind, path: phonePath, count: 1, ...more })
      await expect(app.getPhoneNumber({ phoneCode })).rejects.toMatchObject({
        code: 'ERR_WX_OUTCOME_UNKNOWN',
      })
      const [second] = await Promise.allSettled([app.getPhoneNumber({ phoneCode })])
      if (second?.status === 'rejected')
        expect(second.reason).toMatchObject({ errcode: 40029, mustTapAgain: true })
      else expect(second?.value.appid).toBe(appid)
    },
  )

  it('an outage is told from a lost exchange: nothing was sent, and the same code works afterwards', async () => {
    const app = open()
    await app.getAccessToken()
    const { phoneCode } = tap()
    const { url } = simulator
    const unreachable = createWeChat({ hosts: ['http://127.0.0.1:1'] })
    clients.push(unreachable)
    const token = (await app.getAccessToken()).accessToken
    await expect(unreachable.withAccessToken(token).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
      code: 'ERR_WX_NOT_SENT',
    })
    expect((await open({ hosts: ['http://127.0.0.1:1', url] }).getPhoneNumber({ phoneCode })).appid).toBe(
      appid,
    )
  })
})

describe('everything else', () => {
  it('session keys are checked and reset', async () => {
    const app = open()
    const { openid, sessionKey } = await app.code2Session(login())
    const reset = await app.resetSessionKey({ openid, sessionKey })
    expect(reset.sessionKey.reveal()).not.toBe(sessionKey.reveal())
    expect(await app.checkSession({ openid, sessionKey })).toBe(false)
    expect(await app.checkSession({ openid, sessionKey: reset.sessionKey })).toBe(true)
  })

  it('quotas are read and cleared', async () => {
    const app = open()
    const path = '/wxa/business/getuserphonenumber'
    await app.getPhoneNumber({ phoneCode: tap().phoneCode })
    const quota = await app.getQuota({ path })
    expect(quota.used).toBe(1)
    expect(quota.remaining).toBe(quota.dailyLimit - 1)
    await app.clearApiQuota({ path })
    await app.clearQuota()
    await app.clearQuotaWithSecret()
    expect((await app.getQuota({ path })).used).toBe(0)
  })

  it('the rid of an error leads to its request', async () => {
    const app = open()
    const { rid } = await app.getPhoneNumber({ phoneCode: 'f'.repeat(64) }).catch((error) => error)
    const found = await app.getRid({ rid })
    expect(found.requestBody.reveal()).toContain('f'.repeat(64))
    expect(Math.abs(Number(found.invokedAt) - Date.now())).toBeLessThan(60_000)
  })

  it('paid calls are counted', async () => {
    const app = open()
    const before = await app.getChargeUsage({ spuId: '10000077' })
    tap()
    const after = await app.getChargeUsage({ spuId: '10000077' })
    expect(after.remaining).toBe(before.remaining - 1)
    expect(after.packs[0]).toMatchObject({ status: 'active', skuId: '20000093' })
    expect((await app.getRecentAverageUsage({ spuId: '10000077' })).averageUsage).toBeGreaterThanOrEqual(0)
  })

  it('API security is spoken, through a rollover of the platform key', async () => {
    const keys = await simulator.control.enableSecurity(appid)
    const security = (platform: typeof keys.platform) => ({
      symmetricKey: { sn: keys.symmetricSerial, key: keys.symmetricKey },
      privateKey: keys.appPrivateKey ?? '',
      platformCertificates: platform.map(({ serial, publicKey }) => ({ sn: serial, publicKey })),
    })
    const app = open({ apps: [{ appid, appSecret, apiSecurity: security(keys.platform) }] })
    expect((await app.getPhoneNumber({ phoneCode: tap().phoneCode })).appid).toBe(appid)
    await expect(app.getPhoneNumber({ phoneCode: 'f'.repeat(64) })).rejects.toMatchObject({ errcode: 40029 })
    await simulator.control.rollPlatformKey(appid)
    expect((await app.getPhoneNumber({ phoneCode: tap().phoneCode })).appid).toBe(appid)
    await expect(open().getPhoneNumber({ phoneCode: tap().phoneCode })).rejects.toMatchObject({
      kind: 'config',
    })
  })
})
