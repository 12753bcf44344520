import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone, type PhonePage } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench, shut } from './support/serve-phone.ts'

const appid = 'wx5f0a3c9e7b1d2468'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let bench: Bench
let service: Server
let page: Page

beforeAll(async () => {
  bench = await openBench(fixture('native'))
  service = createServer((request, response) => void echo(request).then((body) => response.end(body)))
  service.on('request', (_, response) => response.setHeader('content-type', 'application/json'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
})
afterEach(() => bench.closePages())
afterAll(async () => {
  await shut(service)
  await bench.close()
})

/** Answers with what was asked; never to `/slow`. */
async function echo(request: IncomingMessage): Promise<string> {
  if (request.url === '/slow') return new Promise(() => {})
  let body = ''
  for await (const chunk of request) body += chunk
  const { method, url, headers } = request
  const named = Object.fromEntries(
    ['content-type', 'x-test', 'referer', 'origin'].map((name) => [name, headers[name]]),
  )
  return JSON.stringify({ method, url, body, ...named })
}

let users = 0
async function open(options: Partial<Parameters<typeof openPhone>[1]> = {}): Promise<PhonePage> {
  page = await bench.newPage()
  const address = encodeURIComponent(`http://127.0.0.1:${(service.address() as AddressInfo).port}`)
  return openPhone(page, {
    url: bench.url,
    user: `able-${++users}`,
    page: `pages/login/login?url=${address}`,
    ...options,
  })
}

async function result(phone: PhonePage, tap: string): Promise<Record<string, unknown>> {
  const field = phone.screen.locator('#result')
  const before = await field.innerText()
  await phone.tap(tap)
  await expect.poll(() => field.innerText()).not.toBe(before)
  return JSON.parse(await field.innerText())
}

const control = (path: string, body: object) =>
  fetch(`${bench.simulator.url}/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('wx.request', () => {
  it('reaches a service that allows no other origin, with WeChat’s referer and no origin', async () => {
    const phone = await open()
    const { statusCode, data, type } = await result(phone, '#get')
    expect({ statusCode, type }).toEqual({ statusCode: 200, type: 'application/json' })
    expect(data).toMatchObject({
      method: 'GET',
      url: '/echo?a=1&b=x%20y',
      body: '',
      referer: `https://servicewechat.com/${appid}/devtools/page-frame.html`,
    })
    expect(data).not.toHaveProperty('origin')
  })

  it('sends JSON by default and forms when the header says so', async () => {
    const phone = await open()
    expect((await result(phone, '#post')).data).toMatchObject({
      method: 'POST',
      body: '{"a":[1]}',
      'content-type': 'application/json',
      'x-test': 'yes',
    })
    expect((await result(phone, '#formPost')).data).toMatchObject({ body: 'a=b%20c' })
  })

  it('fails in WeChat’s words: no connection, timeout, abort', async () => {
    const phone = await open({ platform: 'android' })
    expect(await result(phone, '#slow')).toEqual({ errMsg: 'request:fail timeout', errno: 5 })
    expect(await result(phone, '#abort')).toEqual({ errMsg: 'request:fail abort', errno: 600003 })
    expect(await result(phone, '#refused')).toMatchObject({
      errMsg: expect.stringMatching(/^request:fail .+/),
    })
  })

  it('goes to another origin when the test says so', async () => {
    const { port } = service.address() as AddressInfo
    const phone = await open({
      page: `pages/login/login?url=${encodeURIComponent('https://api.example.com')}`,
      origins: { 'https://api.example.com': `http://127.0.0.1:${port}` },
    })
    expect(await result(phone, '#get')).toMatchObject({ statusCode: 200 })
    const lines = (await phone.console()).filter(({ level }) => level === 'request')
    const again = { url: bench.url, origins: { 'https://api.example.com': `http://127.0.0.1:${port}` } }
    await (await openPhone(page, again)).waitForText('hello app')
    expect(lines[0]?.text).toMatch(/^GET https:\/\/api\.example\.com\/echo\?a=1&b=x%20y → 200/)
  })

  it('is refused to any page but the phone page', async () => {
    const answer = await fetch(`${bench.url}/phone/request`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: JSON.stringify({ url: bench.simulator.url, method: 'GET', header: {}, timeoutMs: 1000 }),
    })
    expect(answer.status).toBe(403)
  })
})

describe('storage', () => {
  it('keeps values over a restart, apart for each user', async () => {
    const phone = await open()
    expect(await result(phone, '#store')).toEqual({ errMsg: 'getStorage:fail data not found' })
    await page.reload()
    const again = { kept: { n: 1, list: [1, 2] }, none: '', keys: ['kept'] }
    expect(await result(phone, '#read')).toEqual(again)
    await page.getByLabel('微信用户').selectOption('李雷')
    await phone.waitForText('quick')
    expect(await result(phone, '#read')).toEqual({ kept: '', none: '', keys: [] })
  })
})

describe('the phone', () => {
  it('tells the platform, versions and language that were chosen', async () => {
    const phone = await open({
      platform: 'android',
      baseLibrary: '2.33.1',
      wechatVersion: '8.0.32',
      language: 'en',
    })
    expect(await result(phone, '#facts')).toEqual({
      platform: 'android',
      language: 'en',
      SDKVersion: '2.33.1',
      version: '8.0.32',
      theme: 'light',
      windowWidth: 375,
      appid,
    })
  })

  it('has only the functions of its base library', async () => {
    const now = await open()
    expect(await result(now, '#can')).toEqual({
      login: true,
      realtime: true,
      scan: false,
      privacy: 'function',
    })
    const old = await open({ baseLibrary: '2.24.3' })
    expect(await result(old, '#can')).toEqual({
      login: true,
      realtime: false,
      scan: false,
      privacy: 'undefined',
    })
  })
})

describe('the person', () => {
  it('is anonymous in every call, button and component', async () => {
    const phone = await open()
    const anonymous = { nickName: '微信用户', gender: 0 }
    expect(await result(phone, '#profile')).toMatchObject({
      errMsg: 'getUserProfile:ok',
      userInfo: anonymous,
      signature: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
    expect(await result(phone, '#late')).toEqual({
      errMsg: 'getUserProfile:fail parameter error: parameter.desc should be String instead of Undefined;',
    })
    expect(await result(phone, '#info')).toMatchObject({
      type: 'getuserinfo',
      errMsg: 'getUserInfo:ok',
      userInfo: anonymous,
    })
    expect(await result(phone, '#avatar')).toMatchObject({
      type: 'chooseavatar',
      avatarUrl: expect.stringMatching(/^data:image/),
    })
    expect(await phone.screen.locator('#name').innerText()).toBe('微信用户/nowhere')
    const face = phone.screen.locator('#face img') as unknown as Locator
    expect((await face.boundingBox())?.width).toBe(40)
    expect((await phone.console()).filter(({ level }) => level === 'unsupported')).toEqual([])
  })

  it('allows what is asked for, and is in one place', async () => {
    const phone = await open()
    expect(await result(phone, '#place')).toEqual({
      before: {},
      latitude: 'number',
      after: { 'scope.record': true, 'scope.userLocation': true },
      refused: 'authorize:fail invalid scope',
    })
    expect(await result(phone, '#random')).toEqual({ length: 70_000, zero: false })
  })
})

describe('login and the phone buttons', () => {
  it('logs in with a code of 32 characters and knows the session', async () => {
    const phone = await open()
    expect(await result(phone, '#login')).toEqual({ length: 32 })
  })

  it('asks for privacy first, then hands over a code on consent', async () => {
    const phone = await open()
    await phone.tap('quick')
    await phone.privacy.agree()
    await phone.sheet.allow()
    await phone.waitForText('getphonenumber')
    const detail = JSON.parse(await phone.screen.locator('#result').innerText())
    expect(detail).toMatchObject({ type: 'getphonenumber', errMsg: 'getPhoneNumber:ok' })
    expect(detail.code).toMatch(/^[0-9a-f]{64}$/)
  })

  it('agrees and asks for the number in one tap with the combined form', async () => {
    const phone = await open()
    await phone.tap('both')
    await phone.sheet.allow()
    await phone.waitForText('getPhoneNumber:ok')
    expect((await phone.console()).map(({ text }) => text)).toContain('agreed agreeprivacyauthorization')
    expect(await result(phone, '#privacy')).toMatchObject({ needAuthorization: false })
  })

  it('proves a realtime number by SMS', async () => {
    const phone = await open()
    await phone.tap('both')
    await phone.sheet.deny()
    await phone.waitForText('deny')
    await phone.tap('realtime')
    await phone.sheet.allow()
    await phone.sheet.fillSms()
    await phone.waitForText('getrealtimephonenumber')
    expect(JSON.parse(await phone.screen.locator('#result').innerText()).code).toMatch(/^[0-9a-f]{64}$/)
  })

  it('refuses in the words of the platform', async () => {
    for (const [platform, errMsg] of [
      ['ios', 'getPhoneNumber:fail user deny'],
      ['android', 'getPhoneNumber:fail:user deny'],
    ] as const) {
      const phone = await open({ platform })
      await phone.tap('both')
      await phone.sheet.deny()
      await phone.waitForText(errMsg)
    }
  })

  it('gives a mini program’s own privacy popup the say', async () => {
    const phone = await open()
    await phone.tap('#own')
    await phone.tap('quick')
    await phone.waitForText('popup getPhoneNumber')
    await phone.tap('my agree')
    await phone.sheet.allow()
    await phone.waitForText('getPhoneNumber:ok')
  })

  it('answers errno 104 when the person disagrees', async () => {
    const phone = await open()
    await phone.tap('#ask')
    await phone.privacy.disagree()
    await phone.waitForText('"errno":104')
  })

  it('shows WeChat’s toast and errno 1400001 when the quota is gone', async () => {
    await control('apps', { appid, name: '号码示例', trial: { quick: 0 } })
    const phone = await open()
    await phone.tap('both')
    expect(await phone.toast()).toContain('已达当前小程序上限')
    await phone.waitForText('1400001')
    await control('apps', { appid, name: '号码示例', trial: { quick: 1000 } })
  })

  it('loses the callback when the page is left while the sheet is open', async () => {
    const phone = await open({ page: '' })
    await phone.tap('detail')
    await phone.tap('redirect')
    await phone.tap('both')
    await phone.sheet.waitFor()
    // The sheet covers the button, but not a swipe from the edge.
    await page.locator('.navigation-bar .back').dispatchEvent('click')
    await phone.waitForPage('pages/home/home')
    await expect.poll(() => phone.sheet.isOpen()).toBe(false)
  })
})
