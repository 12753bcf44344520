import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPhone, type PhonePage } from '@haoma/simulator/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../scripts/lib/build.mjs'
import { openBrowser } from './support/browser.ts'
import { hbuilderxProject, nativeMiniProgram } from './support/distribution.ts'
import { type Product, startProduct } from './support/product.ts'

let browser: Browser

beforeAll(async () => {
  await build(['cli', 'example-h5', 'example-mp-weixin'])
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe.each([
  ['a native mini program, by miniprogram_npm', () => nativeMiniProgram('distribution')],
  ['a project of HBuilderX, by uni_modules', () => hbuilderxProject('mp-weixin')],
])('%s', (_, makeFolder) => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct({}, undefined, await makeFolder())
  })
  afterAll(() => product?.stop())

  async function openAs(user: string, options: { baseLibrary?: string } = {}): Promise<PhonePage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    return openPhone(await context.newPage(), {
      url: product.simulatorUrl,
      user,
      origins: { 'http://127.0.0.1:4000': product.serviceUrl },
      ...options,
    })
  }

  it('signs a person in, after a refusal and a second chance', async () => {
    const phone = await openAs('anybody')
    await phone.tap('手机号快捷登录')
    await phone.sheet.deny()
    await phone.waitForText(/可以再试一次/)
    await phone.waitForText(/denied/)
    await phone.tap('手机号快捷登录')
    await phone.sheet.allow()
    await phone.waitForText(/\d{3}\*{4}\d{4}/)
    await phone.waitForText(/success/)
    const bad = (await phone.console()).filter(({ level }) => level === 'error' || level === 'unsupported')
    expect(bad).toEqual([])
  })

  it('says so in words where the base library gives no code, and draws no paid button', async () => {
    const phone = await openAs('old', { baseLibrary: '2.19.0' })
    await phone.waitForText(/微信版本过低/)
    expect(await phone.text()).not.toContain('手机号快捷登录')
    await phone.waitForText(/获取验证码/)
  })
})

it('leaves the simulator out of what HBuilderX builds for browsers', async () => {
  const out = await hbuilderxProject('h5')
  const files = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.js'))
  const code = (await Promise.all(files.map((name) => readFile(join(out, name), 'utf8')))).join('')
  expect(code.includes('/v1/sms/send')).toBe(true)
  expect(code.includes('haomaDevice')).toBe(false)
})
