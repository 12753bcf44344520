import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone, type PhonePage } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench, styleOf } from './support/serve-phone.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let bench: Bench
let page: Page

beforeAll(async () => {
  bench = await openBench(fixture('native'))
})
afterEach(() => bench.closePages())
afterAll(() => bench.close())

async function open(options: Partial<Parameters<typeof openPhone>[1]> = {}): Promise<PhonePage> {
  page = await bench.newPage()
  return openPhone(page, { url: bench.url, ...options })
}

describe('navigation', () => {
  it('opens a page over another with its query as written, and comes back to it', async () => {
    const phone = await open()
    await phone.tap('detail')
    await phone.waitForText('detail {"a":"1","b":"%E4%B8%AD"} depth 2 route pages/detail/detail')
    expect(await phone.title()).toBe('详情')
    await phone.goBack()
    await phone.waitForPage('pages/home/home')
    expect(await phone.title()).toBe('样例')
    expect(await phone.text()).toMatch(/load \{\} show ready.* hide show/)
  })

  it('tells a test that waits in vain what the page shows instead, and what the console says', async () => {
    const phone = await open()
    await phone.tap('detail')
    await phone.tap('redirect')
    await phone.waitForPage('pages/login/login')
    page.setDefaultTimeout(300)
    const shown = await phone.text()
    await expect(phone.waitForText('not there')).rejects.toThrow(shown)
    await expect(phone.waitForText('not there')).rejects.toThrow(/not there[\s\S]*log detail unloaded/)
  })

  it('lets two pages talk by their event channel', async () => {
    const phone = await open()
    await phone.tap('detail')
    await phone.waitForText('from home')
    await phone.tap('back')
    await phone.waitForText('channel from detail')
  })

  it('opens pages of subpackages, and by a navigator', async () => {
    const phone = await open()
    await phone.tap('cart')
    await phone.waitForText('cart hello cart 1')
    await phone.goBack()
    await phone.tap('navigator')
    await phone.waitForText('{"from":"navigator"}')
  })

  it('replaces the page on redirectTo, unloading it', async () => {
    const phone = await open()
    await phone.tap('detail')
    await phone.tap('redirect')
    await phone.waitForPage('pages/login/login')
    expect((await phone.console()).map(({ text }) => text)).toContain('detail unloaded')
    await phone.goBack()
    await phone.waitForPage('pages/home/home')
  })

  it('refuses in WeChat’s words: a tab page, a page that is not there, an eleventh page', async () => {
    const phone = await open()
    await phone.tap('detail')
    await phone.tap('to tab')
    await phone.waitForText('navigateTo:fail can not navigateTo a tabbar page')
    await phone.tap('nowhere')
    await phone.waitForText('navigateTo:fail page "pages/none/none" is not found')
    for (let depth = 3; depth <= 10; depth++) {
      await phone.tap('deeper')
      await phone.waitForText(`depth ${depth}`)
    }
    await phone.tap('deeper')
    await phone.waitForText('navigateTo:fail webview count limit exceed')
  })

  it('keeps tab pages as they were', async () => {
    const phone = await open()
    await phone.tap('#more')
    await phone.switchTab('表单')
    await phone.waitForPage('pages/form/form')
    await phone.switchTab('首页')
    await phone.waitForText('count 2')
  })

  it('changes the title, and shows no tab bar over a page that is no tab', async () => {
    const phone = await open({ page: 'pages/detail/detail?x=1' })
    expect(await page.locator('.tab-bar').count()).toBe(0)
    await phone.tap('retitle')
    await expect.poll(() => phone.title()).toBe('新标题')
    await page.getByRole('button', { name: '首页' }).click()
    await phone.waitForPage('pages/home/home')
    expect(await page.locator('.tab-bar').count()).toBe(1)
  })

  it('tells the app when it is left and opened again', async () => {
    const phone = await open()
    await page.getByRole('button', { name: '退出小程序' }).click()
    await page.getByRole('button', { name: '重新进入小程序' }).click()
    await phone.waitForText(/show ready.* hide show/)
    expect((await phone.console()).map(({ text }) => text)).toContain('app hidden 1')
  })
})

describe('looks', () => {
  it('follows the theme of the phone, not of the browser, in theme.json and media queries', async () => {
    const phone = await open({ theme: 'dark' })
    const background = () => styleOf(phone.screen.locator('wx-page'), 'backgroundColor')
    expect(await background()).toBe('rgb(16, 16, 16)')
    const bar = page.locator('.navigation-bar')
    expect(await styleOf(bar, 'backgroundColor')).toBe('rgb(25, 25, 25)')
    await page.getByLabel('外观').selectOption('light')
    await expect.poll(background).toBe('rgb(245, 245, 245)')
    await expect.poll(() => styleOf(bar, 'backgroundColor')).toBe('rgb(255, 255, 255)')
  })

  it('is what a page says about itself in page-meta', async () => {
    const phone = await open({ page: 'pages/detail/detail' })
    expect(await styleOf(phone.screen.locator('wx-page'), 'paddingTop')).toBe('15px')
    expect(await styleOf(phone.screen, 'backgroundColor')).toBe('rgb(3, 4, 5)')
  })

  it('is the phone itself on a narrow screen', async () => {
    page = await bench.newPage({ width: 390, height: 844 })
    const phone = await openPhone(page, { url: bench.url, page: 'pages/login/login' })
    await phone.tap('#facts')
    await phone.waitForText('"windowWidth":390')
    expect(await page.locator('.status-bar').count()).toBe(0)
  })
})
