import { openPhone } from '@haoma/simulator/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../packages/uni/src/endings.ts'
import { oneOfEach, type PhoneEndingRow, phoneEndings } from '../packages/uni/test/phone-endings.ts'
import { build } from '../scripts/lib/build.mjs'
import { openBrowser } from './support/browser.ts'
import { nativeMiniProgram } from './support/distribution.ts'
import { looks, openExample, picture, seriousFaults } from './support/example.ts'
import { type Product, startProduct } from './support/product.ts'

// The same table as packages/uni/src/endings.test.ts, which plays it on the machine and on uni's own calls.

const appid = 'wx5f0a3c9e7b1d2468'
let browser: Browser

beforeAll(async () => {
  await build(['cli', 'example-h5', 'example-mp-weixin'])
  browser = await openBrowser()
})
afterAll(() => browser?.close())

async function control(product: Product, path: string, body: object) {
  const answer = await fetch(`${product.simulatorUrl}/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Makes a person whose next tap ends as told. */
async function order(product: Product, user: string, { name }: PhoneEndingRow) {
  await control(product, 'users', { name: user })
  await control(product, 'next-event', { appid, user, ending: name, count: 1 })
}

const paidButton = { zh: '手机号快捷登录', en: 'Sign in with phone number' }
const smsButton = { zh: '获取验证码', en: 'Get code' }
const agree = { zh: '同意隐私保护指引并继续', en: 'Agree to the privacy guideline' }

/** What is to be seen next, and what is not. */
function seen({ reason }: PhoneEndingRow, language: 'zh' | 'en') {
  if (reason === 'privacy') return { text: agree[language], not: smsButton[language] }
  return endings[reason].action === 'tap-again'
    ? { text: paidButton[language], not: smsButton[language] }
    : { text: smsButton[language], not: paidButton[language] }
}

describe.each([
  ['the compiled uni-app', undefined, phoneEndings],
  ['the native mini program', nativeMiniProgram, oneOfEach],
] as const)('%s on the phone page', (kind, makeFolder, rows) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct({}, undefined, makeFolder && (await makeFolder()))
  })
  afterAll(() => product?.stop())

  it.each(rows)('says and offers the right thing after $name', async (row) => {
    const user = `${kind} ${row.name}`
    await order(product, user, row)
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const phone = await openPhone(await context.newPage(), {
      url: product.simulatorUrl,
      user,
      origins: { 'http://127.0.0.1:4000': product.serviceUrl },
    })
    await phone.tap(paidButton.zh)
    // A privacy popup comes before this one: WeChat's own, or ours where the page has one.
    if (row.name === 'privacy-not-agreed') await (makeFolder ? phone.tap('不同意') : phone.privacy.disagree())
    await phone.waitForText(endings[row.reason].texts.zh)
    const { text, not } = seen(row, 'zh')
    const [first = ''] = (await phone.text()).split('获取实时手机号码')
    expect(first).toContain(text)
    expect(first).not.toContain(not)
    await context.close()
  })
})

describe('the component in a browser', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  })
  afterAll(() => product?.stop())

  it('knows every wording that the simulator has', async () => {
    const answer = await fetch(`${product.simulatorUrl}/_control/next-event`)
    const { endings: known } = (await answer.json()) as { endings: { ending: string }[] }
    expect(phoneEndings.map(({ name }) => name).sort()).toEqual(known.map(({ ending }) => ending).sort())
  })

  it.each(oneOfEach.map((row, at) => ({ ...row, look: looks[at % looks.length] ?? looks[0] })))(
    'says and offers the right thing after $name',
    async ({ look, ...row }) => {
      const how = look ?? { language: 'zh', scheme: 'light' }
      const user = `h5 ${row.name}`
      await order(product, user, row)
      const { page, context } = await openExample(browser, product, { user, ...how })
      const button = page.locator('#quick')
      await button.getByText(paidButton[how.language]).tap()
      if (row.name === 'privacy-not-agreed') await page.getByTestId('haoma-privacy-disagree').tap()
      await button.getByText(endings[row.reason].texts[how.language]).waitFor()
      const { text, not } = seen(row, how.language)
      await button.getByText(text).waitFor()
      expect(await button.getByText(not).count()).toBe(0)
      await picture(page, `ending-${row.name}-${how.language}-${how.scheme}`)
      expect(await seriousFaults(page)).toEqual([])
      await context.close()
    },
  )
})
