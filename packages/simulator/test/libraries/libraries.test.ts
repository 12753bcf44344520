import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone, type PhonePage } from '../../src/phone/playwright/index.ts'
import { type Bench, openBench } from '../phone/support/serve-phone.ts'
import { type NativeLibrary, writeMiniProgram } from './native-library.ts'
import { tdesign } from './tdesign.ts'
import { vant } from './vant.ts'
import { weui } from './weui.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

/** Every page with `npm run test:libraries`; else the login page and the first pages, which every test run can afford. */
const isWhole = process.env.HAOMA_LIBRARIES === 'all'
/** Where screenshots go, for people who look at them. */
const screenshots = process.env.HAOMA_SCREENSHOTS

describe.each<[string, NativeLibrary]>([
  ['Vant', vant],
  ['TDesign', tdesign],
  ['WeUI', weui],
])('%s, as it comes from npm', (name, library) => {
  let home: string
  let bench: Bench
  let galleries: { page: string; components: string[] }[]

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'haoma-library-'))
    galleries = await writeMiniProgram(library, home)
    bench = await openBench(home)
  })
  afterEach(() => bench.closePages())
  afterAll(async () => {
    await bench?.close()
    await rm(home, { recursive: true, force: true })
  })

  const open = async (page: string): Promise<{ phone: PhonePage; page: Page }> => {
    const tab = await bench.newPage()
    return { phone: await openPhone(tab, { url: bench.url, page }), page: tab }
  }
  const shoot = async (page: Page, label: string) => {
    if (screenshots === undefined) return
    await mkdir(screenshots, { recursive: true })
    await page.screenshot({ path: join(screenshots, `${name.toLowerCase()}-${label}.png`) })
  }
  const troubles = async (phone: PhonePage) =>
    (await phone.console())
      .filter(({ level }) => level === 'error' || level === 'unsupported')
      .map(({ level, text }) => `${level}: ${text.split('\n')[0]}`)

  it('logs in by both buttons, in a popup too, with fields and tabs', async () => {
    const { phone, page } = await open('pages/login/index')
    await shoot(page, 'login')
    await phone.fill('怎么称呼您', '李雷')
    await phone.waitForText('李雷')
    await phone.tap('手机号快捷登录')
    await phone.privacy.agree()
    await phone.sheet.allow()
    await phone.waitForText(/quick ok 64/)
    await phone.tap('手机号实时验证')
    await phone.sheet.deny()
    await phone.waitForText(/realtime get\w+:fail/)
    await phone.tap('手机号实时验证')
    await phone.sheet.allow()
    await phone.sheet.fillSms()
    await phone.waitForText(/realtime ok 64/)
    await phone.tap('更多方式')
    await phone.waitForText('在弹层里登录')
    await shoot(page, 'popup')
    await phone.tap('在弹层里登录')
    await phone.sheet.allow()
    await phone.waitForText(/quick ok 64/)
    await phone.tap('说明')
    await phone.waitForText('为什么需要手机号')
    expect(await troubles(phone)).toEqual([])
  })

  it('shows every component once, with no error', async () => {
    const pages = isWhole ? galleries : galleries.slice(0, 2)
    const found: Record<string, string[]> = {}
    for (const [index, { page, components }] of pages.entries()) {
      const { phone, page: tab } = await open(page)
      await phone.waitForText(components[0] as string)
      // Animations and what a component measures after it is drawn.
      await tab.waitForTimeout(1000)
      await shoot(tab, `gallery-${index}`)
      const lines = await troubles(phone)
      if (lines.length > 0) found[components.join(' ')] = lines
      await bench.closePages()
    }
    expect(found).toEqual({})
  })
})
