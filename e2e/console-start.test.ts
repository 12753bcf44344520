import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, phone } from './support/browser.ts'
import { untilShown } from './support/console.ts'
import { type Product, startProduct } from './support/product.ts'

/** The console as `npm start` brings it up: signed in by the printed link, with the demo's logins on it. */
let product: Product
let browser: Browser
beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await product.stop()
})

async function logInOnTheDemo() {
  const context = await browser.newContext(phone)
  await context.addInitScript(() => localStorage.setItem('haoma.user', 'console-person'))
  const page = await context.newPage()
  await page.goto(product.demoUrl)
  await page.getByText('手机号快捷登录').tap()
  await page.getByTestId('haoma-allow').tap()
  await page.locator('#masked').waitFor()
  const masked = await page.locator('#masked').textContent()
  await context.close()
  return masked ?? ''
}

it('signs in by the printed link, and shows a login of the demo at once, then on the overview', async () => {
  const link = /http:\S+\/console\/#\/link\/[\w-]{22}/.exec(product.output())?.[0] ?? ''
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(link)
  await page.locator('[data-testid=user]').waitFor()
  expect(page.url()).not.toContain('link')

  // Nothing is there yet; the login of the demo comes in by itself.
  await page.locator('[data-testid=nav-logins]').click()
  await page.waitForURL(/logins/)
  await page.locator('[data-testid=empty]').waitFor()
  const masked = await logInOnTheDemo()
  const row = page.locator('tr:has([data-testid=login])', { hasText: masked })
  await row.first().waitFor()
  await row.first().click()
  await page.locator('[data-testid=explanation]').waitFor()

  await page.locator('[data-testid=nav-overview]').click()
  await untilShown(page)
  const logins = page.locator('[data-testid=tile-logins] .value')
  await expect.poll(async () => Number(await logins.innerText()), { timeout: 10_000 }).toBeGreaterThan(0)

  await page.locator('[data-testid=nav-jobs]').click()
  const jobs = page.locator('tbody tr:has(code)')
  await jobs.locator('.does').first().waitFor()
  const untold = await jobs.filter({ hasNot: page.locator('.does') }).allInnerTexts()
  expect(untold, 'jobs that the console says nothing of').toEqual([])
  expect(await jobs.count()).toBeGreaterThan(10)

  // The link was for once.
  const other = await browser.newPage()
  await other.goto(link)
  await other.locator('h1').waitFor()
  expect(await other.locator('[data-testid=user]').count()).toBe(0)
  await context.close()
})
