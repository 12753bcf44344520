import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../packages/uni/src/endings.ts'
import { oneOfEach, phoneEndings } from '../packages/uni/test/phone-endings.ts'
import { build } from '../scripts/lib/build.mjs'
import { openBrowser } from './support/browser.ts'
import { nativeMiniProgram } from './support/distribution.ts'
import { allLooks, openExample, picture, seriousFaults } from './support/example.ts'
import { order, paidButton, playEnding, seen } from './support/phone-endings.ts'
import { type Product, startProduct } from './support/product.ts'

// The same table as packages/uni/src/endings.test.ts, which plays it on the machine and on uni's own calls.

let browser: Browser

beforeAll(async () => {
  await build(['cli', 'example-h5', 'example-mp-weixin'])
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe.each([
  ['the compiled uni-app', undefined, phoneEndings],
  ['the native mini program', () => nativeMiniProgram('endings'), oneOfEach],
] as const)('%s on the phone page', (kind, makeFolder, rows) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct({}, undefined, makeFolder && (await makeFolder()))
  })
  afterAll(() => product?.stop())

  it.each(rows)('says and offers the right thing after $name', (row) =>
    playEnding(browser, product, row, { user: `${kind} ${row.name}`, hasPopup: makeFolder !== undefined }),
  )
})

/** Each ending in one look; in all four when they are pictured. */
const shown = oneOfEach.flatMap((row, at) =>
  allLooks
    .filter((_, index) => process.env.HAOMA_SCREENSHOTS || index === at % allLooks.length)
    .map((look) => ({ ...row, look })),
)

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

  it.each(shown)(
    'says and offers the right thing after $name, $look.language, $look.scheme',
    async ({ look, ...row }) => {
      const how = look
      const user = `h5 ${row.name} ${how.language} ${how.scheme}`
      await order(product, user, row)
      const { page, context } = await openExample(browser, product, { user, ...how })
      const button = page.locator('#quick')
      await button.getByText(paidButton[how.language]).tap()
      if (row.name === 'privacy-not-agreed') await page.getByTestId('haoma-privacy-disagree').tap()
      await button.getByText(endings[row.reason].texts[how.language]).first().waitFor()
      const { text, not } = seen(row, how.language)
      await button.getByText(text).first().waitFor()
      expect(await button.getByText(not).count()).toBe(0)
      await picture(page, `ending-${row.name}-${how.language}-${how.scheme}`)
      expect(await seriousFaults(page)).toEqual([])
      await context.close()
    },
  )
})
