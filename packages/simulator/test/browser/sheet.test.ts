import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/index.ts'
import { firstDetail, openDevicePage, receivedEvents } from './device-page.ts'
import { APPID, buildPage, exchange, launchBrowser, post, startSimulator } from './support.ts'

let browser: Browser
let files: Map<string, string>
let simulator: Simulator
let closePage: (() => Promise<unknown>) | undefined

beforeAll(async () => {
  ;[browser, files] = await Promise.all([launchBrowser(), buildPage('device')])
})
afterAll(() => browser.close())
beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(async () => {
  await closePage?.()
  closePage = undefined
  await simulator.close()
})

type OpenOptions = Parameters<typeof openDevicePage>[3] & { agreed?: boolean }

/** Opens the page; the user has agreed to the privacy guideline unless told otherwise. */
const open = async ({ agreed = true, user = '李雷', ...options }: OpenOptions = {}): Promise<Page> => {
  if (agreed) simulator.control.setPrivacy(APPID, user, true)
  const opened = await openDevicePage(browser, simulator, files, { user, ...options })
  closePage = opened.close
  return opened.page
}

const bill = (component: 'quick' | 'realtime') => simulator.control.bill(APPID).components[component]

describe('the quick component', () => {
  it('gives a code that exchanges to the number that was chosen', async () => {
    const page = await open({ user: '韩梅梅' })
    await page.click('#quick')
    await page.getByText('186****6000').click()
    await page.getByTestId('haoma-allow').click()
    const { code = '', errMsg } = await firstDetail(page)
    expect(errMsg).toBe('getPhoneNumber:ok')
    expect(await exchange(simulator, code)).toMatchObject({ phone_info: { purePhoneNumber: '18600186000' } })
    expect(bill('quick').consents).toBe(1)
    await page.getByTestId('haoma-sheet').waitFor({ state: 'detached' })
  })

  it('tells the page that the user refused, and charges nothing', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-deny').click()
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
    expect(bill('quick')).toMatchObject({ consents: 0, refusals: 1 })
  })

  it('refuses as Android does when the script tag says so', async () => {
    const page = await open({ attributes: 'data-platform="android"' })
    await page.click('#quick')
    await page.getByTestId('haoma-deny').click()
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail:user deny' })
  })

  it('adds a number by SMS and keeps it when told to', async () => {
    const page = await open({ user: '王小明' })
    await page.click('#quick')
    await page.getByTestId('haoma-other-number').click()
    await page.getByTestId('haoma-number-input').fill('1390000')
    await page.getByTestId('haoma-send-sms').click()
    await page.getByText('请输入正确的手机号').waitFor()
    await page.getByTestId('haoma-number-input').fill('13900001111')
    await page.getByTestId('haoma-send-sms').click()
    await page.getByTestId('haoma-sms-notification').click()
    await page.getByTestId('haoma-save').check()
    await page.getByTestId('haoma-confirm').click()
    const { code = '' } = await firstDetail(page)
    expect(await exchange(simulator, code)).toMatchObject({ phone_info: { purePhoneNumber: '13900001111' } })

    await page.click('#quick')
    await page.getByText('139****1111').waitFor()
    await page.getByText('已保存的号码').waitFor()
  })

  it('adds a foreign number', async () => {
    const page = await open({ user: '王小明' })
    await page.click('#quick')
    await page.getByTestId('haoma-other-number').click()
    await page.getByTestId('haoma-country').selectOption('852')
    await page.getByTestId('haoma-number-input').fill('6123 4567')
    await page.getByTestId('haoma-send-sms').click()
    await page.getByTestId('haoma-sms-notification').click()
    await page.getByTestId('haoma-confirm').click()
    const { code = '' } = await firstDetail(page)
    expect(await exchange(simulator, code)).toMatchObject({
      phone_info: { purePhoneNumber: '61234567', countryCode: '852' },
    })
  })

  it('consents once however fast the button is tapped twice', async () => {
    const page = await open()
    let answers = 0
    await page.route('**/_device/phone/answer', async (route) => {
      answers++
      await page.waitForTimeout(200)
      await route.continue()
    })
    await page.click('#quick')
    await page.getByTestId('haoma-allow').dblclick()
    await page.getByTestId('haoma-sheet').waitFor({ state: 'detached' })
    expect(await receivedEvents(page, 1)).toHaveLength(1)
    expect(answers).toBe(1)
    expect(bill('quick').consents).toBe(1)
  })
})

describe('the realtime component', () => {
  it('sends an SMS that a tap fills in, and gives a code', async () => {
    const page = await open()
    await page.click('#realtime')
    await page.getByTestId('haoma-allow').click()
    await page.getByText('验证码已发送至 135****6666').waitFor()
    await page.getByTestId('haoma-sms-notification').click()
    await page.getByTestId('haoma-confirm').click()
    const [event] = await receivedEvents(page, 1)
    expect(event).toMatchObject({ type: 'getrealtimephonenumber', target: 'realtime' })
    expect(await exchange(simulator, event?.detail.code ?? '')).toMatchObject({ errcode: 0 })
    expect(bill('realtime').consents).toBe(1)
  })

  it('keeps the sheet after a wrong SMS code, and takes the right one', async () => {
    const page = await open()
    await page.click('#realtime')
    await page.getByTestId('haoma-allow').click()
    const shown = (await page.getByTestId('haoma-sms-notification').textContent()) ?? ''
    const sent = shown.match(/\d{6}/)?.[0] ?? ''
    await page.getByTestId('haoma-sms-input').fill(sent === '000000' ? '111111' : '000000')
    await page.getByTestId('haoma-confirm').click()
    await page.getByText('验证码错误，请重新输入').waitFor()
    expect(await page.getByTestId('haoma-sms-input').getAttribute('aria-invalid')).toBe('true')
    expect(bill('realtime').consents).toBe(0)
    await page.getByTestId('haoma-sms-input').fill(sent)
    await page.getByTestId('haoma-confirm').click()
    expect((await firstDetail(page)).code).toMatch(/^[0-9a-f]{64}$/)
  })

  it('goes back from the SMS step to the numbers, with the choice kept', async () => {
    const page = await open({ user: '韩梅梅' })
    await page.click('#realtime')
    await page.getByText('186****6000').click()
    await page.getByTestId('haoma-allow').click()
    await page.getByRole('button', { name: '返回' }).click()
    expect(await page.getByRole('radio', { name: '186****6000' }).isChecked()).toBe(true)
  })

  it('fires no event on a base library that has no such button, and says why', async () => {
    const page = await open({ attributes: 'data-base-library="2.20.0"' })
    await page.click('#realtime')
    await page.getByTestId('haoma-toast').getByText('2.24.4').waitFor()
    expect(await page.evaluate(() => window.received)).toEqual([])
    await page.click('#quick')
    await page.getByTestId('haoma-deny').click()
    await firstDetail(page)
  })
})

describe('the quota', () => {
  beforeEach(() => {
    simulator.control.putApp({ appid: APPID, trial: { quick: 0 } })
  })

  it('shows the toast and opens no sheet when it is used up', async () => {
    const page = await open()
    await page.click('#quick')
    expect(await firstDetail(page)).toMatchObject({ errno: 1400001 })
    await page
      .getByTestId('haoma-toast')
      .getByText('该功能使用次数已达当前小程序上限，暂时无法使用')
      .waitFor()
    expect(await page.getByTestId('haoma-sheet').count()).toBe(0)
  })

  it('shows no toast for a button that keeps it away', async () => {
    const page = await open()
    await page.click('#quiet')
    expect(await firstDetail(page)).toMatchObject({ errno: 1400001 })
    expect(await page.getByTestId('haoma-toast').isVisible()).toBe(false)
  })
})

describe('someone at the keyboard', () => {
  it('chooses, goes round inside the sheet and consents without a mouse', async () => {
    const page = await open({ user: '韩梅梅' })
    await page.focus('#quick')
    await page.keyboard.press('Enter')
    await page.getByTestId('haoma-sheet').waitFor()
    expect(await page.getByRole('dialog').getAttribute('aria-modal')).toBe('true')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: '186****6000' }).isChecked()).toBe(true)
    const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)
    const stops: unknown[] = []
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab')
      stops.push(await focused())
    }
    expect(stops).toEqual(['使用其他号码', '拒绝', '允许', ''])
    await page.keyboard.press('Enter')
    const { code = '' } = await firstDetail(page)
    expect(await exchange(simulator, code)).toMatchObject({ phone_info: { purePhoneNumber: '18600186000' } })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('quick')
  })

  it('closes an SMS notification with Escape first, and refuses with the next', async () => {
    const page = await open()
    await page.click('#realtime')
    await page.getByTestId('haoma-allow').click()
    await page.getByTestId('haoma-sms-notification').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('haoma-sms-notification').waitFor({ state: 'detached' })
    expect(await page.getByTestId('haoma-sms-input').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
  })

  it('sees where the focus is on the chosen number', async () => {
    const page = await open({ user: '韩梅梅' })
    await page.focus('#quick')
    await page.keyboard.press('Enter')
    await page.getByTestId('haoma-sheet').waitFor()
    await page.keyboard.press('Tab')
    const outline = (id: string) =>
      page.getByTestId(`haoma-number-${id}`).evaluate((row) => getComputedStyle(row).outlineStyle)
    expect([await outline('n1'), await outline('n2')]).toEqual(['solid', 'none'])
  })

  it('consents with a card where the sheet is a phone’s, and is told which number was given last', async () => {
    simulator.control.setSwitches({ 'sheet-layout': 'phone' })
    const page = await open({ user: '韩梅梅' })
    await page.focus('#quick')
    await page.keyboard.press('Enter')
    await page.getByText('用于登录和联系你').waitFor()
    await page.getByTestId('haoma-number-n2').focus()
    await page.keyboard.press('Enter')
    const { code = '' } = await firstDetail(page)
    expect(await exchange(simulator, code)).toMatchObject({ phone_info: { purePhoneNumber: '18600186000' } })
    await page.click('#quick')
    await page.getByTestId('haoma-number-n2').getByText('上次提供').waitFor()
    await page.getByRole('button', { name: '不允许' }).click()
    expect((await receivedEvents(page, 2))[1]?.detail).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
  })

  it('is told in half a screen that the quota is gone, where the sheet is a phone’s', async () => {
    simulator.control.setSwitches({ 'sheet-layout': 'phone' })
    simulator.control.putApp({ appid: APPID, trial: { quick: 0 } })
    const page = await open()
    await page.focus('#quick')
    await page.keyboard.press('Enter')
    await page.getByTestId('haoma-quota').waitFor()
    expect(await firstDetail(page)).toMatchObject({ errno: 1400001 })
    await page.keyboard.press('Enter')
    await page.getByTestId('haoma-quota').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('quick')
  })

  it('hears what is wrong with each field from that field alone', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-other-number').click()
    const lineOf = (testId: string) =>
      page
        .getByTestId(testId)
        .evaluate(
          (input) =>
            (input.getRootNode() as ShadowRoot).getElementById(input.getAttribute('aria-describedby') ?? '')
              ?.textContent,
        )
    await page.getByTestId('haoma-number-input').fill('13900001111')
    await page.getByTestId('haoma-confirm').click()
    expect([await lineOf('haoma-number-input'), await lineOf('haoma-sms-input')]).toEqual([
      '',
      '请输入 6 位验证码',
    ])
    await page.getByTestId('haoma-send-sms').click()
    await page.getByTestId('haoma-sms-notification').waitFor()
    expect(await lineOf('haoma-sms-input')).toBe('')
  })

  it('refuses with Escape', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-sheet').waitFor()
    await page.keyboard.press('Escape')
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
  })
})

describe('the look', () => {
  const paper = (page: Page) =>
    page.locator('.panel').evaluate((panel) => getComputedStyle(panel).backgroundColor)
  const allowButton = (page: Page) =>
    page.getByTestId('haoma-allow').evaluate((button) => getComputedStyle(button).backgroundColor)

  it('follows the browser: English and dark', async () => {
    const page = await open({ locale: 'en-US', colorScheme: 'dark' })
    await page.click('#quick')
    await page.getByRole('button', { name: 'Allow' }).waitFor()
    expect(await paper(page)).toBe('rgb(35, 35, 35)')
  })

  it('obeys the script tag over the browser, and no CSS of the page reaches it', async () => {
    const page = await open({
      locale: 'en-US',
      colorScheme: 'dark',
      attributes: 'data-language="zh" data-theme="light"',
    })
    await page.click('#quick')
    await page.getByRole('button', { name: '允许' }).waitFor()
    expect(await paper(page)).toBe('rgb(255, 255, 255)')
    expect(await allowButton(page)).toBe('rgb(7, 193, 96)')
  })

  it('changes with the system while it is open', async () => {
    const page = await open({ colorScheme: 'light' })
    await page.click('#quick')
    await page.getByTestId('haoma-sheet').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await paper(page)).toBe('rgb(35, 35, 35)')
  })
})

describe('a simulator that is gone', () => {
  it('is named on the sheet, and the same tap succeeds once it is back', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-sheet').waitFor()
    await page.route(`${simulator.url}/_device/**`, (route) => route.abort())
    await page.getByTestId('haoma-allow').click()
    await page.getByTestId('haoma-error').getByText('npx haoma simulate').waitFor()
    await page.unroute(`${simulator.url}/_device/**`)
    await page.getByTestId('haoma-retry').click()
    expect((await firstDetail(page)).code).toMatch(/^[0-9a-f]{64}$/)
  })

  it('fails the tap, and does not throw, when the person gives up', async () => {
    const page = await open()
    await page.route(`${simulator.url}/_device/**`, (route) => route.abort())
    await page.click('#quick')
    await page.getByTestId('haoma-close').click()
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail simulator unreachable' })
  })

  it('fails the tap when it goes away while the privacy popup is asked for', async () => {
    const page = await open({ agreed: false })
    await page.route(`${simulator.url}/_device/privacy`, (route) => route.abort())
    await page.click('#quick')
    expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail simulator unreachable' })
  })

  it('that was reset under an open sheet says that the sheet is closed', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-sheet').waitFor()
    simulator.control.reset()
    await page.getByTestId('haoma-allow').click()
    await page.getByTestId('haoma-error').getByText('请重新点按钮').waitFor()
  })
})

it('tells the page "time out" for a late consent, when that switch is set', async () => {
  simulator.control.setSwitches({ 'late-consent': 'client-time-out' })
  const page = await open()
  await page.click('#quick')
  await page.getByTestId('haoma-sheet').waitFor()
  simulator.clock.advance(301_000)
  await page.getByTestId('haoma-allow').click()
  expect(await firstDetail(page)).toEqual({ errMsg: 'getPhoneNumber:fail time out' })
  expect(bill('quick')).toMatchObject({ consents: 0, timeouts: 1 })
})

it('leaves the sheet when the page is left: no answer, no charge', async () => {
  const page = await open()
  const [response] = await Promise.all([
    page.waitForResponse(`${simulator.url}/_device/phone/open`),
    page.click('#quick'),
  ])
  const { sheetId } = (await response.json()) as { sheetId: string }
  await page.getByTestId('haoma-sheet').waitFor()
  await page.goto('about:blank')
  await expect
    .poll(() => post(simulator, '/_device/phone/sms', { sheetId, numberId: 'n1' }))
    .toMatchObject({
      error: { code: 'SHEET_GONE' },
    })
  expect(bill('quick')).toMatchObject({ consents: 0, refusals: 0 })
})
