import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openPhone, type PhonePage } from '@haoma/simulator/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../scripts/lib/build.mjs'
import { openBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'
import { nutui } from './nutui.ts'
import { buildTaroLibraries, buildUniLibraries, type Gallery, uniApp } from './project.ts'
import type { UniLibrary } from './uni-library.ts'
import { uniUi } from './uni-ui.ts'
import { uviewPlus } from './uview-plus.ts'
import { vant } from './vant.ts'
import { wot } from './wot.ts'

/** `npm run test:libraries` installs and compiles them; they are too heavy for every run of every test. */
const isWanted = process.env.HAOMA_LIBRARIES === 'all'
if (!isWanted)
  process.stderr.write('⚠ component libraries of uni-app and Taro SKIPPED (npm run test:libraries)\n')
/** Where screenshots go, for people who look at them. */
const screenshots = process.env.HAOMA_SCREENSHOTS

const kinds = [
  {
    kind: 'uni-app',
    libraries: [wot, uviewPlus, uniUi, vant],
    compile: async (libraries: UniLibrary[]) => ({
      galleries: await buildUniLibraries(libraries),
      folder: join(uniApp, 'out'),
    }),
  },
  { kind: 'Taro', libraries: [nutui], compile: buildTaroLibraries },
]

describe.runIf(isWanted).each(kinds)('component libraries of $kind', ({ libraries, compile }) => {
  let browser: Browser
  let product: Product
  let galleries: Map<string, Gallery[]>

  beforeAll(async () => {
    await build(['cli', 'example-h5'])
    const compiled = await compile(libraries)
    galleries = compiled.galleries
    product = await startProduct({}, undefined, compiled.folder)
    browser = await openBrowser()
  }, 600_000)
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  async function open(user: string, page: string): Promise<{ phone: PhonePage; tab: Page }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const tab = await context.newPage()
    return { phone: await openPhone(tab, { url: product.simulatorUrl, user, page }), tab }
  }

  describe.each(libraries.map((library) => [library.name, library] as const))(
    '%s, as it comes from npm',
    (name, library) => {
      it('logs in by both buttons, in a popup too, with a field and tabs', { timeout: 300_000 }, async () => {
        const { phone, tab } = await open(`${name} login`, `pages/${name}/index`)
        await shoot(tab, `${name}-login`)
        await logIn(phone, library, (label) => shoot(tab, `${name}-${label}`))
        expect(await troubles(phone)).toEqual([])
      })

      it('shows every component once, with no error', async () => {
        const found: Record<string, string[]> = {}
        for (const [index, { page, components }] of (galleries.get(name) ?? []).entries()) {
          const { phone, tab } = await open(`${name} gallery`, page)
          await phone.waitForText(components[0] ?? '')
          // What a component measures after it is drawn.
          await tab.waitForTimeout(300)
          await shoot(tab, `${name}-gallery-${index}`)
          const lines = await troubles(phone)
          const drawn = await tab
            .frameLocator('iframe.frame')
            .locator(`[class*="${library.prefix}-"]`)
            .count()
          if (drawn === 0) lines.push('nothing of the library is drawn')
          if (lines.length > 0) found[components.join(' ')] = lines
          await tab.context().close()
        }
        expect(found).toEqual({})
      })
    },
  )
})

/** A refusal, both components, the popup, and the other tab: what every login page here has. */
async function logIn(
  phone: PhonePage,
  { asksPrivacy }: Pick<UniLibrary, 'asksPrivacy'>,
  shot: (label: string) => Promise<void>,
) {
  await phone.fill('怎么称呼您', '李雷')
  await phone.waitForText('李雷')
  await phone.tap('手机号快捷登录')
  // A plain phone button has WeChat ask for its privacy agreement first; ours asks for both in one tap.
  if (asksPrivacy) await phone.privacy.agree()
  await phone.sheet.allow()
  await phone.waitForText(/quick ok 64/)
  await phone.tap('手机号实时验证')
  await phone.sheet.deny()
  await phone.waitForText(/denied/)
  await phone.tap('手机号实时验证')
  await phone.sheet.allow()
  await phone.sheet.fillSms()
  await phone.waitForText(/realtime ok 64/)
  await phone.tap('更多方式')
  await shot('popup')
  await phone.tap('在弹层里登录')
  await phone.sheet.allow()
  await phone.waitForText(/quick ok 64/)
}

const troubles = async (phone: PhonePage) =>
  (await phone.console())
    .filter(({ level }) => level === 'error' || level === 'unsupported')
    .map(({ level, text }) => `${level}: ${text.split('\n')[0]}`)

async function shoot(page: Page, label: string) {
  if (screenshots === undefined) return
  await mkdir(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${label}.png`) })
}
