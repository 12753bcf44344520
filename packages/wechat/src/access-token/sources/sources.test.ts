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
  const source = () => haomaSource({ url: `${standIn.url}/base/`, apiKey: createSecret('key-1') })

  it('asks the service with its key, and hands in a token that WeChat refused', async () => {
    standIn.route(servicePath, () => ({
      accessToken: standIn.currentToken() ?? standIn.replaceToken(),
      expiresIn: 7200,
    }))
    const app = open(source())
    await app.getPhoneNumber({ phoneCode })
    const old = standIn.currentToken()
    standIn.replaceToken()
    await app.getPhoneNumber({ phoneCode })
    const asked = standIn.seen.filter(({ path }) => path === servicePath)
    expect(asked.map(({ query }) => query.get('rotate'))).toEqual([null, old])
    expect(asked[0]?.headers.authorization).toBe('Bearer key-1')
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
      return { accessToken: standIn.replaceToken(), expiresIn: 7200 }
    })
    await open(source()).getAccessToken()
    expect(times).toBe(3)
  })

  it('cannot refresh by force, which is for the service to do', async () => {
    await expect(open(source()).forceRefresh()).rejects.toMatchObject({ code: 'ERR_WX_BAD_OPTION' })
  })

  it('refuses an address that is none', () => {
    expect(() => haomaSource({ url: 'login.example.com', apiKey: 'k' })).toThrow(/https:\/\//)
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

  it('turns whatever the function throws into an error of ours', async () => {
    const app = open(functionSource(() => Promise.reject(new Error('vault is sealed'))))
    await expect(app.getAccessToken()).rejects.toMatchObject({
      code: 'ERR_WX_TOKEN_SOURCE',
      cause: { message: 'vault is sealed' },
    })
  })
})
