import { createSimulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../scripts/services/find.mjs'
import { type Product, startProduct } from './support/product.ts'

/** The login service as a black box over HTTP, the way curl in the README uses it. */
const post = async (url: string, body: unknown) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

describe('a login over HTTP', () => {
  let product: Product
  let appid: string

  beforeAll(async () => {
    product = await startProduct()
    const state = await (await fetch(`${product.simulatorUrl}/_control/state`)).json()
    appid = state.apps[0].appid
  })
  afterAll(() => product?.stop())

  const device = async (call: string, input: object) =>
    (await post(`${product.simulatorUrl}/_device/${call}`, { appid, ...input })).body
  const codes = async (user: string) => ({
    loginCode: (await device('login', { user })).code as string,
    phoneCode: (await device('phone', { user, component: 'quick', answer: 'allow' })).code as string,
  })
  const login = (body: object) => post(`${product.serviceUrl}/v1/login`, { appid, ...body })
  const calls = async (path: string) => {
    const { entries } = await (await fetch(`${product.simulatorUrl}/_control/log`)).json()
    return entries.filter((entry: { path: string }) => entry.path === path).length as number
  }

  it('spends each code once for the same body posted five times at once and once more later', async () => {
    const before = [await calls('/sns/jscode2session'), await calls('/wxa/business/getuserphonenumber')]
    const body = await codes('same-body')
    const answers = await Promise.all(Array.from({ length: 5 }, () => login(body)))
    await post(`${product.simulatorUrl}/_control/clock`, { advanceMs: 60_000 })
    answers.push(await login(body))

    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.member))).size).toBe(1)
    // One sender, one code, one session: each answer holds it.
    expect(new Set(answers.map(({ body }) => body.session.refreshToken)).size).toBe(1)
    expect(await calls('/sns/jscode2session')).toBe((before[0] ?? 0) + 1)
    expect(await calls('/wxa/business/getuserphonenumber')).toBe((before[1] ?? 0) + 1)
  })

  it('says so when the login code is posted as the phone code, and spends neither', async () => {
    const { loginCode } = await codes('mixed-up')
    const refused = await login({ loginCode, phoneCode: loginCode })
    expect(refused.body).toMatchObject({ code: 'LOGIN_CODE_AS_PHONE_CODE', action: 'give-up' })
    expect(refused.body.texts.zh).toContain('wx.login')
    expect((await login({ loginCode })).status).toBe(200)
  })

  it('never shows a full number to a client or in what it prints', async () => {
    const body = await codes('secretive')
    const { body: answer } = await login(body)
    const state = await (await fetch(`${product.simulatorUrl}/_control/state`)).json()
    const user = state.users.find(({ name }: { name: string }) => name === 'secretive')
    const number = JSON.stringify(user).match(/\d{11}/)?.[0] ?? 'missing'
    expect(number).toMatch(/^1\d{10}$/)
    expect(JSON.stringify(answer)).not.toContain(number)
    for (const secret of [number, body.loginCode, body.phoneCode, answer.session.refreshToken]) {
      expect(product.output()).not.toContain(secret)
    }
  })
})

describe('a service that starts while WeChat is down', () => {
  it('is ready and says what is degraded, answers retry, and works by itself when WeChat is back', async () => {
    const port = await freePort()
    const product = await startProduct({
      HAOMA_APPS: 'wx5f0a3c9e7b1d2468:0f1e2d3c4b5a69788796a5b4c3d2e1f0:号码示例',
      HAOMA_WECHAT_HOSTS: `http://127.0.0.1:${port}`,
    })
    const loginCode = 'abcdefghijABCDEFGHIJ0123456789ab'
    const body = { appid: 'wx5f0a3c9e7b1d2468', loginCode }
    try {
      // Another process would not do better, so the balancer need not know; an operator does.
      const degraded = await fetch(`${product.serviceUrl}/readyz`)
      expect(degraded.status).toBe(200)
      expect(await degraded.json()).toMatchObject({ ready: true, degraded: true })
      expect(product.output()).toContain('wx5f0a3c9e7b1d2468')
      expect(await post(`${product.serviceUrl}/v1/login`, body)).toMatchObject({
        status: 503,
        body: { code: 'WECHAT_UNREACHABLE', action: 'retry' },
      })

      const simulator = await createSimulator({ port })
      try {
        const { code } = (await post(`${simulator.url}/_device/login`, { appid: body.appid, user: 'late' }))
          .body
        const answer = await post(`${product.serviceUrl}/v1/login`, { ...body, loginCode: code })
        expect(answer.status).toBe(200)
        await expect
          .poll(async () => (await (await fetch(`${product.serviceUrl}/readyz`)).json()).degraded, {
            timeout: 60_000,
            interval: 500,
          })
          .toBe(false)
      } finally {
        await simulator.close()
      }
    } finally {
      await product.stop()
    }
  })
})
