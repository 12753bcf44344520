import { openPhone, type PhonePage } from '@haoma/simulator/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../scripts/lib/build.mjs'
import { openBrowser } from './support/browser.ts'
import { type Product, startProduct } from './support/product.ts'

const appid = 'wx5f0a3c9e7b1d2468'
/** The address that is compiled into the mini program. */
const compiledFor = 'http://127.0.0.1:4000'

/** What would be uploaded to WeChat, untouched, against the service that `npm start` runs. */
describe('the compiled mini program on the phone page', () => {
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    await build(['cli', 'example-mp-weixin'])
    product = await startProduct()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  /** The phone of a person who was never here before. */
  async function openAs(user: string, options: { baseLibrary?: string } = {}): Promise<PhonePage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    return openPhone(await context.newPage(), {
      url: product.simulatorUrl,
      user,
      origins: { [compiledFor]: product.serviceUrl },
      ...options,
    })
  }

  /** The example turns WeChat's own toast off and says it in its own words. */
  const noQuota = '手机号验证暂时不可用'
  const masked = /^\d{3}\*{4}\d{4}$/
  const member = (phone: PhonePage) => phone.screen.locator('#masked')
  const expectMember = async (phone: PhonePage) => {
    await member(phone).waitFor()
    expect((await member(phone).innerText()).trim()).toMatch(masked)
  }
  const control = async (path: string, body: object) => {
    const answer = await fetch(`${product.simulatorUrl}/_control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }
  /** What each component has been charged for so far: consents, and refusals that were free. */
  const bill = async () => {
    const answer = await fetch(`${product.simulatorUrl}/_control/bill?appid=${appid}`)
    const { components } = (await answer.json()) as { components: Record<string, Record<string, number>> }
    return { consents: components.quick?.consents ?? 0, refusals: components.quick?.refusals ?? 0 }
  }
  const errors = async (phone: PhonePage) =>
    (await phone.console()).filter(({ level }) => level === 'error' || level === 'unsupported')

  it('logs a person in with the quick component', async () => {
    const phone = await openAs('phone-quick')
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await expectMember(phone)
    expect(await errors(phone)).toEqual([])
  })

  it('proves the number by SMS with the realtime component', async () => {
    const phone = await openAs('phone-realtime')
    await phone.tap('获取实时手机号码')
    await phone.sheet.allow()
    await phone.sheet.fillSms()
    await expectMember(phone)
  })

  it('binds the number that the person chose', async () => {
    const phone = await openAs('phone-other')
    await phone.tap('手机号快捷登录')
    await phone.sheet.addNumber('13900001234')
    await expectMember(phone)
    expect(await member(phone).innerText()).toContain('139****1234')
  })

  it('answers a refusal with a second chance that succeeds', async () => {
    const before = await bill()
    const phone = await openAs('phone-refusing')
    await phone.tap('手机号快捷登录')
    await phone.sheet.deny()
    await phone.waitForText(/可以再试一次/)
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await expectMember(phone)
    expect(await bill()).toEqual({ consents: before.consents + 1, refusals: before.refusals + 1 })
  })

  it('asks for privacy in a step of its own below base library 2.33.1', async () => {
    const phone = await openAs('phone-privacy', { baseLibrary: '2.32.3' })
    await phone.tap(/同意/)
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await expectMember(phone)
  })

  it('says so and loses nothing when the quota is gone', async () => {
    await control('apps', { appid, name: '号码示例', trial: { quick: 0 } })
    const before = await bill()
    const phone = await openAs('phone-no-quota')
    await phone.tap('手机号快捷登录')
    await phone.waitForText(noQuota)
    expect(await member(phone).count()).toBe(0)
    expect(await bill()).toEqual(before)
    await control('apps', { appid, name: '号码示例', trial: { quick: 1000 } })
  })

  it('knows the member at once on a later visit, with no button', async () => {
    const phone = await openAs('phone-returning')
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await expectMember(phone)
    await phone.switchTab('我的')
    await phone.waitForPage('pages/my-account/my-account')
    const again = await openAs('phone-returning')
    await expectMember(again)
    expect(await again.text()).not.toContain('手机号快捷登录')
  })
})
