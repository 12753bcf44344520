import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureNodeClients } from '../scripts/lib/node-clients.mjs'

/** What examples/node-clients offers for every SDK written elsewhere. */
interface Client {
  readonly name: string
  getPhoneNumber(phoneCode: string): Promise<{ purePhoneNumber: string; countryCode: string | number }>
  code2Session?(loginCode: string): Promise<{ openid: string; session_key: string }>
}
type CreateClient = (options: { baseUrl: string; appid: string; appSecret: string }) => Client

const app = { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
const names = [
  'co-wechat-api',
  'wechat-api',
  'nest-wechat',
  'node-easywechat',
  'node-easywechat-stable',
] as const
type Name = (typeof names)[number]
// wechat-api has no code2Session.
const loginNames = names.filter((name) => name !== 'wechat-api')

let simulator: Simulator
let clients: Record<Name, CreateClient>

beforeAll(async () => {
  await ensureNodeClients()
  clients = (await import('../examples/node-clients/src/index.js')).clients as typeof clients
  simulator = await createSimulator()
})
afterAll(() => simulator.close())

const { appid } = app
const loginCode = () => simulator.device.login({ appid, user: '李雷' }).code
const phoneCode = () => {
  const { code } = simulator.device.phone({ appid, user: '李雷', component: 'quick', answer: 'allow' })
  if (code === undefined) throw new Error('the phone gave no code')
  return code
}

/** Somebody else takes the token, and the one in the client's cache is dead at once. */
function replaceToken(): void {
  for (const kind of ['legacy', 'stable'] as const) {
    simulator.control.replaceToken(appid, { kind, strict: true })
  }
}

async function tokenFetches(path: string): Promise<number> {
  const answer = await fetch(`${simulator.url}/_control/log`)
  const { entries } = (await answer.json()) as { entries: { path: string }[] }
  return entries.filter((entry) => entry.path === path).length
}

beforeEach(() => simulator.control.reset())
const create = (name: Name) => clients[name]({ baseUrl: simulator.url, ...app })

describe.each(names)('the phone number call of %s', (name) => {
  it('gets the number of a phone code', async () => {
    expect(await create(name).getPhoneNumber(phoneCode())).toMatchObject({
      purePhoneNumber: '13580006666',
    })
  })

  it('is refused when it spends a phone code twice', async () => {
    const client = create(name)
    const code = phoneCode()
    await client.getPhoneNumber(code)
    await expect(client.getPhoneNumber(code)).rejects.toMatchObject({ errcode: 40029 })
  })

  it('is refused when it takes a login code for a phone code', async () => {
    await expect(create(name).getPhoneNumber(loginCode())).rejects.toMatchObject({ errcode: 40029 })
  })
})

describe.each(loginNames)('the login of %s', (name) => {
  it('gets openid and session key of a login code', async () => {
    expect(await create(name).code2Session?.(loginCode())).toMatchObject({
      openid: expect.stringMatching(/^o.{27}$/),
      session_key: expect.stringMatching(/^.{22}==$/),
    })
  })

  it('is refused when it spends a login code twice', async () => {
    const client = create(name)
    const code = loginCode()
    await client.code2Session?.(code)
    await expect(client.code2Session?.(code)).rejects.toMatchObject({ errcode: 40163 })
  })
})

describe('after the token was replaced elsewhere', () => {
  const afterReplacement = async (name: Name) => {
    const client = create(name)
    await client.getPhoneNumber(phoneCode())
    replaceToken()
    return client
  }

  it.each(['wechat-api', 'nest-wechat', 'node-easywechat', 'node-easywechat-stable'] as const)(
    '%s goes on with the dead token',
    async (name) => {
      const stuck = await afterReplacement(name)
      for (let tries = 0; tries < 3; tries += 1) {
        await expect(stuck.getPhoneNumber(phoneCode())).rejects.toMatchObject({ errcode: 40001 })
      }
    },
  )

  it('co-wechat-api recovers when it makes one call at a time', async () => {
    const recovering = await afterReplacement('co-wechat-api')
    expect(await recovering.getPhoneNumber(phoneCode())).toMatchObject({
      purePhoneNumber: '13580006666',
    })
  })
})

describe('a herd of first calls', () => {
  it.each(names)('makes %s fetch one token a call', async (name) => {
    const client = create(name)
    const codes = Array.from({ length: 20 }, phoneCode)
    await Promise.all(codes.map((code) => client.getPhoneNumber(code)))
    const path = name.endsWith('stable') ? '/cgi-bin/stable_token' : '/cgi-bin/token'
    expect(await tokenFetches(path)).toBe(20)
  })
})
