import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { type Look, looks, openExample, picture, seriousFaults } from './support/example.ts'
import { type Product, startProduct } from './support/product.ts'

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

/** Looks at a page: nothing serious for axe, a language that is said, and nothing wider than the phone. */
async function look(page: Page, name: string, { language, scheme }: Look) {
  await picture(page, `${name}-${language}-${scheme}`)
  expect(await seriousFaults(page), name).toEqual([])
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(language === 'zh' ? 'zh-CN' : 'en')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  const low = await page
    .locator('[role="button"]:visible')
    .evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect().height).filter((height) => height < 44),
    )
  expect(low, `${name}: what is pressed is 44 px high`).toEqual([])
}

const texts = {
  zh: {
    quick: '手机号快捷登录',
    denied: '可以再试一次',
    number: '手机号',
    code: '短信验证码',
    send: '获取验证码',
    away: '微信模拟器没有响应',
    retry: '重试',
  },
  en: {
    quick: 'Sign in with phone number',
    denied: 'You can try again',
    number: 'Phone number',
    code: 'SMS code',
    send: 'Get code',
    away: 'The simulator does not answer',
    retry: 'Try again',
  },
}

describe.each(looks)('the example in $language, $scheme', (how) => {
  const t = texts[how.language]
  const open = (user: string, wechat?: 'away' | 'none') =>
    openExample(browser, product, { user: `${user}-${how.language}`, ...how, ...(wechat && { wechat }) })

  it('asks for the number on its login page, and again after a refusal', async () => {
    const { page, context } = await open('looks')
    await page.getByText(t.quick).waitFor()
    await look(page, 'login', how)
    await page.getByText(t.quick).tap()
    await page.getByTestId('haoma-deny').tap()
    await page.getByText(t.denied).first().waitFor()
    await look(page, 'login-denied', how)
    await context.close()
  })

  it('asks for it while ordering only when the order is placed', async () => {
    const { page, context } = await open('orders')
    await page.getByText(t.quick).first().waitFor()
    await page.locator('.uni-tabbar__item').nth(1).tap()
    await page.locator('.step-add').first().waitFor()
    await look(page, 'order', how)
    expect(await page.getByText(t.quick).locator('visible=true').count()).toBe(0)
    await page.locator('.step-add').first().tap()
    await page.locator('#submit').tap()
    await page.locator('.panel').waitFor()
    await look(page, 'order-asks', how)
    await page.locator('.panel').getByText(t.quick).tap()
    await page.getByTestId('haoma-allow').tap()
    await page.locator('#placed').waitFor()
    await look(page, 'order-placed', how)

    await page.locator('.uni-tabbar__item').nth(2).tap()
    await page.locator('#change').tap()
    await look(page, 'me', how)
    await page.locator('#settings').tap()
    await page.locator('.device').first().waitFor()
    await look(page, 'settings', how)
    await context.close()
  })

  it('is a form for an SMS code where nobody plays WeChat', async () => {
    const { page, context } = await open('sms', 'none')
    await page.getByRole('textbox', { name: t.number }).waitFor()
    await look(page, 'sms', how)
    await page.getByText(t.send).tap()
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
    await look(page, 'sms-empty', how)
    await context.close()
  })

  it('names the simulator when it is away at load, and goes on when it is back', async () => {
    const { page, context } = await open('away', 'away')
    await page.getByText(t.away).waitFor()
    await look(page, 'simulator-away', how)
    await context.unroute('**/device.js*')
    await page.getByRole('button', { name: t.retry }).tap()
    await page.getByText(t.quick).waitFor()
    await context.close()
  })
})

it.each(['zh', 'en'] as const)('is whole at 200 per cent, in %s', async (language) => {
  for (const wechat of ['simulator', 'none'] as const) {
    const how = { user: `large ${language}`, language, zoom: 2, wechat }
    const { page, context } = await openExample(browser, product, how)
    const t = texts[language]
    await page.getByText(wechat === 'none' ? t.send : t.quick).waitFor()
    await picture(page, `large-${wechat}-${language}`)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(195)
    // Nothing is cut: what is pressed is as high as what it says.
    const cut = await page
      .locator('[role="button"]:visible, input:visible')
      .evaluateAll((all) =>
        all
          .filter(
            (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1,
          )
          .map((each) => each.textContent),
      )
    expect(cut).toEqual([])
    const fields = await page
      .locator('.haoma-field:not(.haoma-country):visible')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width))
    expect(fields.filter((width) => width < 100)).toEqual([])
    await context.close()
  }
})

it('gets through by the keyboard alone, and keeps the focus in sight', async () => {
  const { page, context } = await openExample(browser, product, { user: 'keys' })
  await page.getByText(texts.zh.quick).waitFor()
  const pressUntil = async (name: RegExp) => {
    for (let at = 0; at < 40; at++) {
      await page.keyboard.press('Tab')
      const label = await page.evaluate(
        () =>
          (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent) || '',
      )
      if (name.test(label)) return
    }
    throw new Error(`Tab never reached ${name}`)
  }
  await pressUntil(/手机号快捷登录/)
  await page.keyboard.press('Enter')
  await page.getByTestId('haoma-allow').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('#masked').textContent()).toMatch(/\d{3}\*{4}\d{4}/)
  await pressUntil(/查看我的账号/)
  await page.keyboard.press('Enter')
  await page.locator('#settings').waitFor()
  await pressUntil(/^设置/)
  await page.keyboard.press(' ')
  await page.locator('#language-en').waitFor()
  await context.close()
})
