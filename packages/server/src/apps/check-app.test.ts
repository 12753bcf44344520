import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { undiciTransport } from '@haoma/wechat/undici'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { apps, type SimulatedWeChat, startWeChat } from '../../test/support/simulated-wechat.ts'
import { createCheckApp } from './check-app.ts'

const { single } = apps
const transport = undiciTransport()
let wechat: SimulatedWeChat
let offMs = 0
beforeAll(async () => {
  wechat = await startWeChat()
})
afterEach(async () => {
  offMs = 0
  await wechat.clearFaults()
  await wechat.setApp({ ...single, ipWhitelist: null, personal: false, secretFrozen: false, verified: true })
})
afterAll(async () => {
  await transport.close?.()
  await wechat.close()
})

const check = async (config: { appid: string; appSecret: string; apiSecurity?: never } = single) => {
  const checkApp = createCheckApp({
    hosts: [wechat.url],
    transport,
    clock: { now: () => Date.now() + offMs },
  })
  const { isOk, items } = await checkApp(config)
  const states = Object.fromEntries(items.map(({ name, state }) => [name, state]))
  return { isOk, items, states, find: (name: string) => items.find((item) => item.name === name) }
}

it('finds an app well, spends nothing and replaces no token', async () => {
  const { isOk, states } = await check()
  expect({ isOk, ...states }).toEqual({
    isOk: true,
    secret: 'ok',
    ip: 'ok',
    permission: 'ok',
    clock: 'ok',
    balance: 'ok',
  })
  expect((await wechat.exchanges()).size).toBe(0)
})

it('tells a wrong secret from everything else', async () => {
  const { isOk, states, find } = await check({ ...single, appSecret: 'f'.repeat(32) })
  expect(isOk).toBe(false)
  expect(states).toMatchObject({ secret: 'failed', ip: 'unknown', permission: 'unknown' })
  expect(find('secret')).toMatchObject({ errcode: expect.any(Number), rid: expect.any(String) })
})

it('names the address that WeChat saw when it is not on the list', async () => {
  await wechat.setApp({ ...single, ipWhitelist: ['203.0.113.7'] })
  const { isOk, states, find } = await check()
  expect(isOk).toBe(false)
  expect(states).toMatchObject({ secret: 'unknown', ip: 'failed' })
  expect(find('ip')).toMatchObject({ errcode: 40164, seenIp: '127.0.0.1' })
  expect(find('ip')?.text.zh).toContain('127.0.0.1')
})

it('says that an account may not ask for numbers', async () => {
  await wechat.setApp({ ...single, personal: true })
  const { states, find } = await check()
  expect(states).toMatchObject({ secret: 'ok', ip: 'ok', permission: 'failed' })
  expect(find('permission')?.errcode).toBe(48001)
})

it.each([
  [90_000, 'warning'],
  [-90_000, 'warning'],
  [400_000, 'failed'],
])('compares clocks: %d ms off is a %s', async (ms, state) => {
  offMs = ms
  expect((await check()).states.clock).toBe(state)
})

it('fails for keys of API security that cannot be used', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const apiSecurity = {
    symmetricKey: { sn: 'a', key: randomBytes(32).toString('base64') },
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    platformCertificates: [{ sn: 'b', publicKey: 'no key' }],
  }
  const { isOk, states } = await check({ ...single, apiSecurity: apiSecurity as never })
  expect(isOk).toBe(false)
  expect(states).toMatchObject({ secret: 'ok', 'api-security': 'failed' })
})

it('blames nothing on the app while WeChat is away', async () => {
  await wechat.fault({ kind: 'drop-before', path: '/cgi-bin/stable_token', count: 20 })
  const { states } = await check()
  expect(states).toMatchObject({ secret: 'unknown', ip: 'unknown' })
})
