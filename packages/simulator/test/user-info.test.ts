import { createDecipheriv, createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const user = '李雷'

let simulator: Simulator
beforeAll(async () => {
  simulator = await createSimulator()
})
afterAll(() => simulator.close())

const post = async (path: string, body: object): Promise<Record<string, string>> =>
  (await fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(body) })).json() as never

/** The session key, as a back end gets it. */
async function signIn(): Promise<{ session_key: string; openid: string }> {
  const { code } = await post('/_device/login', { appid, user })
  const secret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'
  const query = new URLSearchParams({
    appid,
    secret,
    js_code: String(code),
    grant_type: 'authorization_code',
  })
  return (await fetch(`${simulator.url}/sns/jscode2session?${query}`)).json() as never
}

function open(sessionKey: string, { encryptedData = '', iv = '' }: Record<string, string>): object {
  const decipher = createDecipheriv(
    'aes-128-cbc',
    Buffer.from(sessionKey, 'base64'),
    Buffer.from(iv, 'base64'),
  )
  return JSON.parse(decipher.update(encryptedData, 'base64', 'utf8') + decipher.final('utf8'))
}

it('signs and encrypts an anonymous profile with the key of the last login', async () => {
  const { session_key: key, openid } = await signIn()
  const answer = await post('/_device/user-info', { appid, user })
  expect(answer.userInfo).toMatchObject({ nickName: '微信用户', gender: 0, city: '' })
  expect(JSON.parse(String(answer.rawData))).toEqual(answer.userInfo)
  expect(answer.signature).toBe(
    createHash('sha1')
      .update(answer.rawData + key)
      .digest('hex'),
  )
  const profile = open(key, answer)
  expect(profile).toMatchObject({ nickName: '微信用户', watermark: { appid } })
  expect(profile).not.toHaveProperty('openId')
  const info = simulator.device.userInfo({ appid, user, call: 'getUserInfo' })
  expect(open(key, { ...info } as never)).toMatchObject({ openId: openid })
})

it('refuses what is no call of WeChat’s, and an unknown mini program', async () => {
  expect((await post('/_device/user-info', { appid, user, call: 'getUser' })).error).toBeDefined()
  expect((await post('/_device/user-info', { appid: 'wx0', user })).error).toMatchObject({
    code: 'UNKNOWN_APP',
  })
})
