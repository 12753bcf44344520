import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, openStandIn, phoneCode, type StandIn } from '../../../test/stand-in.ts'
import {
  createSecret,
  createWeChat,
  functionSource,
  haomaSource,
  type WeChat,
  type WeChatOptions,
} from '../../index.ts'

const servicePath = `/base/v1/apps/${appid}/access-token`
let standIn: StandIn
let wechat: WeChat | undefined

function open(tokenSource: WeChatOptions['tokenSource']) {
  wechat = createWeChat({ apps: [{ appid }], hosts: [standIn.url], tokenSource })
  return wechat.app(appid)
}

beforeEach(async () => {
  standIn = await openStandIn()
})
afterEach(async () => {
  await wechat?.close()
  await standIn.close()
})

describe('the haoma source', () => {
  const source = () =>
    haomaSource({ url: `${standIn.url}/base/`, clientId: 'shop', clientSecret: createSecret('密 1') })

  it('asks the service with its credentials, and hands in a token that WeChat refused', async () => {
    standIn.route(servicePath, () => ({
      accessToken: standIn.currentToken() ?? standIn.replaceToken(),
      expiresInS: 7200,
    }))
    const app = open(source())
    await app.getPhoneNumber({ phoneCode })
    const old = standIn.currentToken()
    standIn.replaceToken()
    await app.getPhoneNumber({ phoneCode })
    const asked = standIn.seen.filter(({ path }) => path === servicePath)
    expect(asked.map(({ method, body }) => [method, JSON.parse(body)])).toEqual([
      ['POST', {}],
      ['POST', { failedToken: old }],
    ])
    expect(asked.map(({ query }) => query.size)).toEqual([0, 0])
    const credentials = Buffer.from('shop:密 1').toString('base64')
    expect(asked[0]?.headers.authorization).toBe(`Basic ${credentials}`)
    expect(standIn.count('/cgi-bin/stable_token')).toBe(0)
  })

  it.each([401, 403, 404])('opens the circuit on HTTP %i: no repeat helps', async (status) => {
    standIn.route(servicePath, () => ({ status, text: '{}' }))
    const app = open(source())
    for (let i = 0; i < 5; i++) {
      await expect(app.getAccessToken()).rejects.toMatchObject({
        code: 'ERR_WX_TOKEN_SERVICE_REFUSED',
        kind: 'config',
      })
    }
    expect(standIn.count(servicePath)).toBe(1)
  })

  it('tries again while the service is busy', async () => {
    let times = 0
    standIn.route(servicePath, () => {
      if (++times < 3) return { status: 503, text: '{}' }
      return { accessToken: standIn.replaceToken(), expiresInS: 7200 }
    })
    await open(source()).getAccessToken()
    expect(times).toBe(3)
  })

  it('cannot refresh by force, which is for the service to do', async () => {
    await expect(open(source()).forceRefresh()).rejects.toMatchObject({ code: 'ERR_WX_BAD_OPTION' })
  })

  it('refuses an address that is none', () => {
    const client = { clientId: 'shop', clientSecret: 's' }
    expect(() => haomaSource({ url: 'login.example.com', ...client })).toThrow(/https:\/\//)
  })

  it.each([
    ['no client id', { clientId: '', clientSecret: 's' }],
    ['an id that Basic cannot carry', { clientId: 'a:b', clientSecret: 's' }],
    ['no secret', { clientId: 'shop' } as never],
  ])('refuses %s by name', (_, client) => {
    expect(() => haomaSource({ url: standIn.url, ...client })).toThrow(/client(Id|Secret)/)
  })
})

describe('the function source', () => {
  it('gives what the function gives, plain or as a secret, and tells it what was refused', async () => {
    const refused: (string | undefined)[] = []
    const app = open(
      functionSource(({ failedToken }) => {
        refused.push(failedToken)
        return {
          accessToken: createSecret(standIn.currentToken() ?? standIn.replaceToken()),
          expiresInS: 600,
        }
      }),
    )
    await app.getPhoneNumber({ phoneCode })
    const old = standIn.currentToken()
    standIn.replaceToken()
    await app.getPhoneNumber({ phoneCode })
    expect(refused).toEqual([undefined, old])
  })

  it.each([
    ['in our form', { accessToken: 'tok', expiresInS: 600 }],
    ["in WeChat's own form", { access_token: 'tok', expires_in: 600 }],
    ['with a line break at its end, as files have', { accessToken: 'tok\n', expiresInS: 600 }],
  ])('takes a token %s', async (_, given) => {
    const { accessToken, expiresInS } = await open(functionSource(() => given)).getAccessToken()
    expect(accessToken.reveal()).toBe('tok')
    expect(expiresInS).toBeGreaterThan(590)
  })

  it.each([undefined, null, 'tok', {}, { accessToken: 'tok' }, { accessToken: 'a b', expiresInS: 60 }])(
    'refuses %j with an error of ours that says what is wrong',
    async (given) => {
      const error = await open(functionSource(() => given as never))
        .getAccessToken()
        .catch((e) => e)
      expect(error).toMatchObject({ code: 'ERR_WX_TOKEN_SOURCE' })
      expect(error.message).toMatch(/accessToken|expiresInS/)
      expect(inspect(error)).not.toContain('reveal')
    },
  )

  it('turns whatever the function throws into an error of ours, and keeps nothing else of it', async () => {
    const thrown = Object.assign(new Error('vault is sealed'), {
      config: { headers: { Authorization: 'Bearer seeded-secret' } },
    })
    const told: unknown[] = []
    const listen = (message: unknown) => void told.push(message)
    channel('haoma.wechat.token.refresh-failed').subscribe(listen)
    const app = open(functionSource(() => Promise.reject(thrown)))
    const error = await app.getAccessToken().catch((e) => e)
    channel('haoma.wechat.token.refresh-failed').unsubscribe(listen)
    expect(error).toMatchObject({ code: 'ERR_WX_TOKEN_SOURCE', cause: { message: 'vault is sealed' } })
    expect(told).toHaveLength(1)
    const shown = inspect([error, told, wechat?.health()], { depth: 9, showHidden: true })
    expect(shown).toContain('vault is sealed')
    expect(shown).not.toContain('seeded-secret')
  })
})
