import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, phone } from './support/browser.ts'
import { type Product, startProduct } from './support/product.ts'

/** The way from the tap to the member, in a real browser, on what `npm start` runs. */
describe('the demo in H5 form', () => {
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    product = await startProduct()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  /** A page of a person who was never here before: no storage, and a WeChat user of their own. */
  async function openAs(user: string): Promise<Page> {
    const context = await browser.newContext(phone)
    await context.addInitScript((name) => localStorage.setItem('haoma.user', name), user)
    const page = await context.newPage()
    await page.goto(product.demoUrl)
    return page
  }

  const quick = (page: Page) => page.getByText('手机号快捷登录')
  const realtime = (page: Page) => page.getByText('获取实时手机号码')
  const masked = /^\d{3}\*{4}\d{4}$/

  /** How many calls each component has been charged for. */
  const bill = async () => (await fetch(`${product.simulatorUrl}/_control/bill`)).json()

  it('shows the member with the masked number after a tap and consent', async () => {
    const page = await openAs('quick-person')
    await quick(page).tap()
    await page.getByTestId('haoma-allow').tap()
    await expect.poll(() => page.locator('#masked').textContent()).toMatch(masked)
  })

  it('asks for the SMS code before it gives a realtime number', async () => {
    const page = await openAs('realtime-person')
    await realtime(page).tap()
    await page.getByTestId('haoma-allow').tap()
    const notification = page.getByTestId('haoma-sms-notification')
    await notification.waitFor()
    const smsCode = (await notification.textContent())?.match(/\d{6}/)?.[0] ?? ''
    await page.getByTestId('haoma-sms-input').fill(smsCode)
    await page.getByTestId('haoma-confirm').tap()
    await expect.poll(() => page.locator('#masked').textContent()).toMatch(masked)
  })

  it('answers a refusal with a prompt and a second chance that succeeds', async () => {
    const page = await openAs('refusing-person')
    await quick(page).tap()
    await page.getByTestId('haoma-deny').tap()
    await page.getByText('可以再试一次').first().waitFor()
    await quick(page).tap()
    await page.getByTestId('haoma-allow').tap()
    await expect.poll(() => page.locator('#masked').textContent()).toMatch(masked)
  })

  it('knows the member at once on a later visit, with no button and no second charge', async () => {
    const page = await openAs('returning-person')
    await quick(page).tap()
    await page.getByTestId('haoma-allow').tap()
    const number = page.locator('#masked')
    await number.waitFor()
    const before = await number.textContent()
    const charged = await bill()

    await page.reload()
    await expect.poll(() => page.locator('#masked').textContent()).toBe(before)
    expect(await quick(page).count()).toBe(0)
    expect(await realtime(page).count()).toBe(0)
    expect(await bill()).toEqual(charged)
  })
})
