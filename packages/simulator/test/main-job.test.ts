import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const secret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

describe('the main job over HTTP', () => {
  let simulator: Simulator
  const post = async (path: string, body: object) => {
    const response = await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(body) })
    return (await response.json()) as Record<string, unknown>
  }

  beforeAll(async () => {
    simulator = await createSimulator()
  })
  afterAll(() => simulator.close())

  it('goes from a tap to a number', async () => {
    const login = await post('/_device/login', { appid, user: '李雷' })
    const query = new URLSearchParams({
      appid,
      secret,
      js_code: String(login.code),
      grant_type: 'authorization_code',
    })
    const response = await fetch(`${simulator.url}/sns/jscode2session?${query}`)
    const session = (await response.json()) as Record<string, unknown>
    expect(session).toEqual({
      session_key: expect.stringMatching(/^[\w+/]{22}==$/),
      openid: expect.stringMatching(/^o[\w-]{27}$/),
    })

    const detail = await post('/_device/phone', { appid, user: '李雷', component: 'quick', answer: 'allow' })
    expect(detail).toMatchObject({
      errMsg: 'getPhoneNumber:ok',
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
    })

    const token = await post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret })
    const path = `/wxa/business/getuserphonenumber?access_token=${token.access_token}`
    expect(await post(path, { code: detail.code, openid: session.openid })).toMatchObject({
      errcode: 0,
      errmsg: 'ok',
      phone_info: { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' },
    })
    expect(await post(path, { code: detail.code })).toMatchObject({ errcode: 40029 })
  })

  it('fires the refusal event of the platform', async () => {
    const tap = { appid, user: 'somebody new', component: 'quick', answer: 'deny' }
    expect(await post('/_device/phone', tap)).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
    expect(await post('/_device/phone', { ...tap, platform: 'android' })).toEqual({
      errMsg: 'getPhoneNumber:fail:user deny',
    })
  })
})
