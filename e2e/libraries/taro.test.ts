import { openPhone } from '@haoma/simulator/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneOfEach } from '../../packages/uni/test/phone-endings.ts'
import { build } from '../../scripts/lib/build.mjs'
import { openBrowser } from '../support/browser.ts'
import { playEnding } from '../support/phone-endings.ts'
import { type Product, startProduct } from '../support/product.ts'
import { taroMiniProgram } from '../support/taro.ts'

/** `npm run test:libraries` installs Taro; it is too heavy for every run of every test. */
const isWanted = process.env.HAOMA_LIBRARIES === 'all'

describe.runIf(isWanted)('the example for Taro on the phone page', () => {
  let browser: Browser
  let product: Product

  beforeAll(async () => {
    await build(['cli', 'example-h5'])
    product = await startProduct({}, undefined, await taroMiniProgram())
    browser = await openBrowser()
  }, 600_000)
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  it('signs a person in, shows the account, and signs out', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const phone = await openPhone(await context.newPage(), {
      url: product.simulatorUrl,
      user: 'Taro',
      origins: { 'http://127.0.0.1:4000': product.serviceUrl },
    })
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await phone.waitForText(/\d{3}\*{4}\d{4}/)
    await phone.waitForText('success')
    await phone.tap('我的账号')
    await phone.waitForPage('pages/my-account/my-account')
    await phone.tap('退出登录')
    await phone.waitForPage('pages/phone-login/phone-login')
    await phone.waitForText('微信登录')
    const lines = await phone.console()
    expect(lines.filter(({ level }) => level === 'error' || level === 'unsupported')).toEqual([])
    await context.close()
  })

  it.each(oneOfEach)('says and offers the right thing after $name', (row) =>
    playEnding(browser, product, row, { user: `Taro ${row.name}`, hasPopup: true }),
  )
})
