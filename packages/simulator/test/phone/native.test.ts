import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPhone, type PhonePage } from '../../src/phone/playwright/index.ts'
import { type Bench, fixture, openBench, styleOf } from './support/serve-phone.ts'

// Chromium on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let bench: Bench
let users = 0

beforeAll(async () => {
  bench = await openBench(fixture('native'))
})
afterEach(() => bench.closePages())
afterAll(() => bench.close())

/** A phone of a user that nobody else has, so that tests do not meet. */
async function open(options: Partial<Parameters<typeof openPhone>[1]> = {}): Promise<PhonePage> {
  const page = await bench.newPage()
  return openPhone(page, { url: bench.url, user: `user-${++users}`, ...options })
}

describe('a page of a compiled mini program', () => {
  it('draws data, lists, conditions, templates, includes, WXS and packages from npm', async () => {
    const phone = await open()
    const text = await phone.text()
    for (const part of [
      'hello app 1 tiny package!',
      'count 1 double 2',
      'included 1',
      'line one',
      'few',
      '0:P',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('many')
    await phone.tap('#more')
    await phone.waitForText('count 2 double 4')
    expect(await phone.text()).toMatch(/many[\s\S]*0:P2/)
  })

  it('sends plain events with dataset and target, and stops those that are caught', async () => {
    const phone = await open()
    await phone.tap('1:Q')
    await phone.waitForText('row tap 1 q')
    await phone.tap('#inner')
    await phone.tap('#through')
    await phone.waitForText('inner outer from through')
    expect(await phone.text()).not.toContain('outer from inner')
  })

  it('runs components with properties, slots, observers, lifetimes, events and relations', async () => {
    const phone = await open()
    await phone.waitForText('T1 seen T1 true true')
    const text = await phone.text()
    expect(text).toMatch(/in the slot[\s\S]*at the foot/)
    expect(text).toContain('group 2: x,y')
    await phone.tap('.c-components_card_card--tag >> nth=1')
    await phone.waitForText('pick b')
  })

  it('keeps the styles of a component to itself, and lets app styles in only where it asks', async () => {
    const phone = await open()
    expect(await styleOf(phone.screen.locator('#title'), 'color')).toBe('rgb(10, 20, 30)')
    expect(await styleOf(phone.screen.locator('.c-components_card_card--title'), 'color')).toBe(
      'rgb(200, 0, 0)',
    )
    expect(await styleOf(phone.screen.locator('wx-card'), 'borderTopWidth')).toBe('3px')
    // Passed as an external class; the card's own `shared` is not the app's.
    expect(await styleOf(phone.screen.locator('.c-components_card_card--card'), 'color')).toBe('rgb(1, 2, 3)')
  })

  it('takes rpx as shares of the frame in style sheets, imports and inline styles', async () => {
    const phone = await open()
    expect(await styleOf(phone.screen.locator('#wide'), 'width')).toBe('187.5px')
    expect(await styleOf(phone.screen.locator('#wide'), 'paddingLeft')).toBe('37.5px')
    expect(await styleOf(phone.screen.locator('#wide'), 'marginTop')).toBe('10px')
    await phone.tap('#measure')
    await phone.waitForText('wide 225 of 375')
  })

  it('shows images of the package and tells their size', async () => {
    const phone = await open()
    await phone.waitForText('pic 8x6')
    expect(await styleOf(phone.screen.locator('#pic'), 'height')).toBe('30px')
  })

  it('lets no tap through a disabled button', async () => {
    const phone = await open()
    const off = phone.screen.locator('#off') as unknown as ReturnType<Page['locator']>
    await off.click({ force: true })
    await phone.tap('#more')
    await phone.waitForText('count 2')
  })

  it('names what it does not play, and fails the call', async () => {
    const phone = await open()
    await phone.tap('#scan')
    await phone.waitForText('scanCode:fail')
    const unsupported = (await phone.console()).filter(({ level }) => level === 'unsupported')
    expect(unsupported.map(({ text }) => text)).toEqual(['<map>', '<strange-thing>', 'wx.scanCode'])
  })

  it('hides what only a browser has, and WeChat functions that do not exist', async () => {
    const phone = await open({ page: 'pages/login/login' })
    await phone.tap('#globals')
    await phone.waitForText('"made"')
    expect(JSON.parse(await phone.screen.locator('#result').innerText())).toEqual({
      window: 'undefined',
      document: 'undefined',
      fetch: 'undefined',
      localStorage: 'undefined',
      URL: 'undefined',
      wx: 'object',
      setTimeout: 'function',
      pay: 'function',
      made: 'undefined',
    })
  })

  it('shows errors of scripts with their text, and goes on', async () => {
    const phone = await open({ page: 'pages/broken/broken' })
    await phone.waitForText('broken page')
    await phone.tap('fail')
    await expect
      .poll(async () =>
        (await phone.console()).filter(({ level }) => level === 'error').map(({ text }) => text),
      )
      .toEqual([
        expect.stringContaining('broken on load'),
        expect.stringContaining('undefinedFunction is not defined'),
      ])
  })
})

describe('forms', () => {
  const openForm = async () => {
    const phone = await open()
    await phone.switchTab('表单')
    await phone.waitForPage('pages/form/form')
    return phone
  }
  const result = (phone: PhonePage) => phone.screen.locator('#result').innerText()

  it('binds inputs both ways', async () => {
    const phone = await openForm()
    await phone.fill('#name', '李雷')
    await phone.waitForText('typed 李雷 bound 李雷')
    await phone.tap('clear')
    await phone.waitForText(/typed 李雷 bound\s*$/)
  })

  it('gathers named controls on submit, and empties them on reset', async () => {
    const phone = await openForm()
    await phone.fill('#name', 'a')
    await phone.fill('#note', 'b')
    await phone.tap('wx-checkbox')
    await phone.tap('#small')
    await phone.tap('#agree')
    await phone.tap('#city')
    await phone.choose('上海')
    await phone.tap('提交')
    await expect
      .poll(async () => JSON.parse((await result(phone)) || '{}'))
      .toEqual({ name: 'a', note: 'b', fruits: ['apple', 'pear'], size: 's', agree: true, city: '1' })
    await phone.tap('重置')
    await phone.tap('提交')
    await expect
      .poll(async () => JSON.parse(await result(phone)))
      .toMatchObject({ name: '', note: '', fruits: ['pear'], size: 'l', agree: false })
  })

  it('draws toasts, modals and lists as WeChat does', async () => {
    const phone = await openForm()
    await phone.tap('toast')
    expect(await phone.toast()).toBe('已保存')
    await phone.tap('modal')
    expect(await phone.modal.text()).toMatch(/确认[\s\S]*删除吗[\s\S]*取消[\s\S]*确定/)
    await phone.modal.confirm()
    await phone.waitForText('"confirm":true')
    await phone.tap('sheet')
    await phone.choose('乙')
    await phone.waitForText('"tapIndex":1')
    await phone.tap('sheet')
    await phone.choose('取消')
    await phone.waitForText('showActionSheet:fail cancel')
  })
})
