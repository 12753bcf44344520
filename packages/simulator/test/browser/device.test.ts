import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HaomaDevice } from '../../browser/device/main.ts'
import type { Simulator } from '../../src/index.ts'
import { firstDetail, openDevicePage, receivedEvents } from './device-page.ts'
import { APP_SECRET, APPID, buildPage, launchBrowser, startSimulator } from './support.ts'

type Callbacks = Record<'success' | 'fail' | 'complete', (result: unknown) => void>
type Wx = Record<
  string,
  (options?: Partial<Callbacks> | ((resolve: (answer: object) => void) => void)) => unknown
>

declare global {
  interface Window {
    haomaDevice: HaomaDevice
    pageWx: Wx
  }
}

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

const open = async (options: Parameters<typeof openDevicePage>[3] = {}): Promise<Page> => {
  const opened = await openDevicePage(browser, simulator, files, options)
  closePage = opened.close
  await opened.page.evaluate(() => {
    window.pageWx = window.wx as Wx
  })
  return opened.page
}

const session = async (loginCode: string): Promise<{ openid?: string; errcode?: number }> => {
  const query = new URLSearchParams({
    appid: APPID,
    secret: APP_SECRET,
    js_code: loginCode,
    grant_type: 'authorization_code',
  })
  const response = await fetch(`${simulator.url}/sns/jscode2session?${query}`)
  return response.json() as Promise<{ openid?: string; errcode?: number }>
}

/** Calls a member of `wx` with callbacks and gives, in order, which were called and with what. */
const callWx = (page: Page, member: string) =>
  page.evaluate(
    (name) =>
      new Promise<unknown[]>((resolve) => {
        const calls: unknown[] = []
        window.pageWx[name]?.({
          success: (result) => calls.push(['success', result]),
          fail: (error) => calls.push(['fail', error]),
          complete: () => resolve([...calls, ['complete']]),
        })
      }),
    member,
  )

describe('device.js', () => {
  it('weighs at most 15 kB compressed, whole in one file', async () => {
    const { gzipSync } = await import('node:zlib')
    expect([...files.keys()]).toEqual(['device.js'])
    expect(gzipSync(files.get('device.js') ?? '').length).toBeLessThanOrEqual(15_000)
  })

  it('logs in without a sheet, with a code a back end can use', async () => {
    const page = await open()
    const { code } = await page.evaluate(() => window.haomaDevice.login())
    expect((await session(code)).openid).toMatch(/^o.{27}$/)
    expect(await page.evaluate(() => window.haomaDevice.checkSession())).toEqual({
      errMsg: 'checkSession:ok',
    })
  })

  it('takes the first mini program and user when the script tag names none', async () => {
    const page = await open({ user: '', attributes: 'data-x' })
    await page.evaluate(() => window.haomaDevice.ready())
    const who = await page.evaluate(() => [window.haomaDevice.appid, window.haomaDevice.user])
    expect(who).toEqual([APPID, '李雷'])
  })

  it('resolves a refusal asked for by a script', async () => {
    simulator.control.denyNext({ user: '李雷' })
    simulator.control.setPrivacy(APPID, '李雷', true)
    const page = await open()
    const detail = await page.evaluate(() => window.haomaDevice.requestPhoneNumber({ component: 'quick' }))
    expect(detail).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
  })

  it('does not take a click made by a script for a tap', async () => {
    const page = await open()
    await page.evaluate(() => document.querySelector<HTMLElement>('#quick')?.click())
    await page.evaluate(() => window.haomaDevice.login())
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

describe('the badge', () => {
  it('shows the user and hands the phone to another, who is remembered', async () => {
    const page = await open({ user: '' })
    await page.getByTestId('haoma-badge').getByText('微信模拟器 · 李雷').waitFor()
    await page.getByTestId('haoma-badge').click()
    await page.getByTestId('haoma-badge-user-韩梅梅').click()
    await page.getByTestId('haoma-badge').getByText('微信模拟器 · 韩梅梅').waitFor()
    await page.reload()
    await page.getByTestId('haoma-badge').getByText('微信模拟器 · 韩梅梅').waitFor()
    const { code } = await page.evaluate(() => window.haomaDevice.login())
    const users = await page.evaluate(() => window.haomaDevice.users())
    expect((await session(code)).openid).toBe(users.find(({ name }) => name === '韩梅梅')?.openid)
  })

  it('goes away for the rest of the visit when it is hidden', async () => {
    const page = await open()
    await page.getByTestId('haoma-badge').click()
    await page.getByTestId('haoma-badge-hide').click()
    await page.reload()
    await page.evaluate(() => window.haomaDevice.ready())
    expect(await page.getByTestId('haoma-badge').count()).toBe(0)
  })

  it('is not there when the script tag says so', async () => {
    const page = await open({ attributes: 'data-badge="off"' })
    await page.evaluate(() => window.haomaDevice.ready())
    expect(await page.getByTestId('haoma-badge').count()).toBe(0)
  })
})

it('leaves an open sheet or popup when the phone changes hands, and works for the new user', async () => {
  simulator.control.setPrivacy(APPID, '韩梅梅', true)
  const page = await open()
  await page.click('#quick')
  await page.getByTestId('haoma-privacy').waitFor()
  await page.evaluate(() => window.haomaDevice.switchUser('韩梅梅'))
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.click('#quick')
  await page.getByTestId('haoma-sheet').waitFor()
  await page.evaluate(() => window.haomaDevice.switchUser('李雷'))
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.click('#quick')
  await page.getByTestId('haoma-privacy-agree').click()
  await page.getByTestId('haoma-allow').click()
  expect(await receivedEvents(page, 1)).toHaveLength(1)
})

describe('window.wx', () => {
  it('calls success, then complete', async () => {
    const page = await open()
    expect(await callWx(page, 'login')).toEqual([
      ['success', { code: expect.stringMatching(/^[0-9A-Za-z]{32}$/), errMsg: 'login:ok' }],
      ['complete'],
    ])
  })

  it('calls fail when there is no session yet', async () => {
    const page = await open()
    expect(await callWx(page, 'checkSession')).toEqual([
      ['fail', { errMsg: 'checkSession:fail session time out, need relogin' }],
      ['complete'],
    ])
  })

  it('gives a promise when no callback is given', async () => {
    const page = await open()
    expect(await page.evaluate(() => window.pageWx.getPrivacySetting?.())).toEqual({
      errMsg: 'getPrivacySetting:ok',
      needAuthorization: true,
      privacyContractName: '《号码示例小程序隐私保护指引》',
    })
  })

  it('leaves the members of a page alone', async () => {
    const page = await open({ head: '<script>window.wx = { login: () => "its own" }</script>' })
    expect(await page.evaluate(() => window.pageWx.login?.())).toBe('its own')
    expect(await callWx(page, 'checkSession')).toHaveLength(2)
  })
})

describe('privacy', () => {
  it('shows the official popup first, and the phone sheet after consent', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-privacy-contract').click()
    await page.getByTestId('haoma-close').click()
    await page.getByTestId('haoma-privacy-agree').click()
    await page.getByTestId('haoma-allow').click()
    expect((await firstDetail(page)).code).toMatch(/^[0-9a-f]{64}$/)
  })

  it('fails with errno 104 when the user disagrees', async () => {
    const page = await open()
    await page.click('#quick')
    await page.getByTestId('haoma-privacy-disagree').click()
    expect(await firstDetail(page)).toEqual({
      errMsg: 'getPhoneNumber:fail privacy permission is not authorized',
      errno: 104,
    })
  })

  it('fails with errno 112, without a popup, when the guideline does not declare phone numbers', async () => {
    simulator.control.putApp({ appid: APPID, privacyDeclared: false })
    const page = await open()
    await page.click('#quick')
    expect(await firstDetail(page)).toMatchObject({ errno: 112 })
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('agrees and asks for the number with one tap on the combined button', async () => {
    const page = await open()
    await page.click('#combined')
    await page.getByTestId('haoma-deny').click()
    expect(await receivedEvents(page, 2)).toMatchObject([
      { type: 'agreeprivacyauthorization', detail: { errMsg: 'agreePrivacyAuthorization:ok' } },
      { type: 'getphonenumber', detail: { errMsg: 'getPhoneNumber:fail user deny' } },
    ])
    const setting = await page.evaluate(() => window.haomaDevice.getPrivacySetting())
    expect(setting.needAuthorization).toBe(false)
  })

  it("waits for the page's own popup, which agrees by a tap on its button", async () => {
    const page = await open()
    await page.evaluate(() => {
      window.pageWx.onNeedPrivacyAuthorization?.((resolve: (answer: object) => void) => {
        resolve({ event: 'exposureAuthorization' })
        addEventListener('agreeprivacyauthorization', () => resolve({ event: 'agree', buttonId: 'agree' }))
      })
    })
    await page.click('#quick')
    await page.click('#agree')
    await page.getByTestId('haoma-allow').click()
    const events = await receivedEvents(page, 2)
    expect(events.map(({ type }) => type)).toEqual(['agreeprivacyauthorization', 'getphonenumber'])
    expect(events[1]?.detail.errMsg).toBe('getPhoneNumber:ok')
  })

  it('does not believe a page that says "agree" without the tap', async () => {
    const page = await open()
    await page.evaluate(() => {
      window.pageWx.onNeedPrivacyAuthorization?.((resolve: (answer: object) => void) =>
        resolve({ event: 'agree' }),
      )
    })
    expect(await callWx(page, 'requirePrivacyAuthorize')).toEqual([
      ['fail', { errMsg: 'requirePrivacyAuthorize:fail privacy permission is not authorized', errno: 104 }],
      ['complete'],
    ])
  })

  it('asks once for any number of calls that wait for consent', async () => {
    const page = await open()
    const both = page.evaluate(() =>
      Promise.all([
        window.haomaDevice.requirePrivacyAuthorize(),
        window.haomaDevice.requirePrivacyAuthorize(),
      ]),
    )
    await page.getByTestId('haoma-privacy-agree').click()
    expect(await both).toEqual([
      { errMsg: 'requirePrivacyAuthorize:ok' },
      { errMsg: 'requirePrivacyAuthorize:ok' },
    ])
  })
})
