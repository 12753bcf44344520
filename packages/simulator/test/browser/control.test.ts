import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { panels } from '../../browser/control/panels.ts'
import type { Simulator } from '../../src/index.ts'
import { switchTable } from '../../src/model/switch-table/index.ts'
import {
  APP_SECRET,
  APPID,
  buildPage,
  exchange,
  launchBrowser,
  openPage,
  post,
  serveBuilt,
  startSimulator,
} from './support.ts'

const DESKTOP = { viewport: { width: 1280, height: 800 } }

let browser: Browser
let files: Map<string, string>
let simulator: Simulator
let page: Page

beforeAll(async () => {
  ;[browser, files] = await Promise.all([launchBrowser(), buildPage('control')])
})
afterAll(() => browser.close())
beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(async () => {
  await page.context().close()
  await simulator.close()
})

const open = async (panel: string, options: BrowserContextOptions = DESKTOP): Promise<void> => {
  page = await openPage(browser, options)
  await serveBuilt(page, simulator, files)
  await page.goto(`${simulator.url}/#${panel}`)
  await page
    .getByTestId('link')
    .getByText(/实时|Live/)
    .waitFor()
}

/** A phone code, as a user's consent gives it. */
const consent = (user = '李雷'): string => {
  const detail = simulator.device.phone({ appid: APPID, user, component: 'quick', answer: 'allow' })
  return detail.code ?? ''
}

it('asks for the state once when it opens, and for each file once', async () => {
  page = await openPage(browser, DESKTOP)
  await serveBuilt(page, simulator, files)
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`${simulator.url}/#overview`)
  await page.getByTestId('apps').getByText(APPID).waitFor()
  expect(asked.filter((path) => path === '/_control/state')).toHaveLength(1)
  expect(new Set(asked).size).toBe(asked.length)
})

it('is gone through by the keyboard alone: panel, user, fault, consent', async () => {
  await open('overview')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await page.getByTestId('nav-users').focus()
  await press('Enter')
  await page.getByTestId('user-李雷').getByRole('button').nth(1).focus()
  await press('Enter')
  await expect.poll(() => simulator.control.snapshot().nextEvents.length).toBe(1)
  await page.getByTestId('nav-faults').focus()
  await press('Enter')
  await page.getByTestId('fault-start').focus()
  await press('Enter')
  await expect.poll(() => simulator.control.snapshot().faults.length).toBe(1)
  simulator.control.setPrivacy(APPID, '韩梅梅', true)
  await page.getByTestId('phone-user').focus()
  await press('ArrowDown')
  await page.getByTestId('tap-quick').focus()
  await press('Enter')
  await page.getByTestId('haoma-allow').focus()
  await press('Enter')
  await page.getByTestId('phone-detail').getByText('getPhoneNumber:ok').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('tap-quick')
})

describe('the panels', () => {
  it('show what the simulator says when nothing has happened yet', async () => {
    await open('overview')
    await page.getByText('还没有被拒绝的请求').waitFor()
    await page.getByTestId('apps').getByText(APPID).waitFor()
    await page.goto(`${simulator.url}/#log`)
    await page.getByText('还没有请求').waitFor()
    await page.goto(`${simulator.url}/#codes`)
    await page.getByText('还没有 code').waitFor()
    await page.getByText('还没有 token').waitFor()
    await page.goto(`${simulator.url}/#faults`)
    await page.getByText('没有故障', { exact: true }).waitFor()
  })

  it('fit on a phone, each of them, without scrolling sideways', async () => {
    await exchange(simulator, consent())
    await open('overview', {})
    for (const panel of panels) {
      await page.goto(`${simulator.url}/#${panel}`)
      await page.locator(`[data-testid="nav-${panel}"][aria-current]`).waitFor()
      await page.locator('main').locator('section, .phone-panel').first().waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([panel, overflow]).toEqual([panel, 0])
    }
    await page.getByTestId('clock').click()
    const edges = await page.getByTestId('clock-menu').boundingBox()
    expect(edges).toMatchObject({ x: 12, width: 366 })
  })

  it('hand out curl lines that work as they stand', async () => {
    await open('overview')
    await page.getByTestId('connect-lines').getByText('/_device/login').waitFor()
    const lines = await page.getByTestId('connect-lines').locator('pre').allTextContents()
    const [, path = '', body = ''] = lines[2]?.match(/^curl -s '([^']+)' -d '([^']+)'$/) ?? []
    const response = await fetch(path, { method: 'POST', body })
    expect(await response.json()).toHaveProperty('access_token')
    expect(lines).toHaveLength(5)
    expect(body).toContain(APP_SECRET)
  })

  it('list every switch, and set one', async () => {
    await open('switches')
    await page.getByTestId('switch-late-consent').selectOption('client-time-out')
    await page.getByText('已修改', { exact: true }).waitFor()
    expect(await page.getByTestId('switches').getByRole('listitem').count()).toBe(
      Object.keys(switchTable).length,
    )
    const state = await fetch(`${simulator.url}/_control/state`)
    expect(await state.json()).toMatchObject({ switches: { 'late-consent': 'client-time-out' } })
  })
})

describe('the log', () => {
  it('shows a request of somebody else at once, with its errcode and why, and the whole of it on a click', async () => {
    await open('log')
    await exchange(simulator, 'f'.repeat(64))
    const row = page.getByTestId('log-list').getByRole('button', { name: '/wxa/business/getuserphonenumber' })
    await row.getByText('40029').waitFor()
    await row.click()
    const drawer = page.getByTestId('log-drawer')
    const log = await fetch(`${simulator.url}/_control/log`)
    const { entries } = (await log.json()) as { entries: Array<{ rid: string; why?: { zh: string } }> }
    const last = entries.at(-1)
    await drawer.getByText(last?.rid ?? 'no rid', { exact: true }).waitFor()
    await drawer.getByText(last?.why?.zh ?? 'no why', { exact: true }).waitFor()
    await drawer.getByText('invalid code').waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  })

  it('is one stop for Tab, walked with the arrows', async () => {
    for (let i = 0; i < 3; i++) await post(simulator, '/cgi-bin/stable_token', {})
    await open('log')
    const rows = page.getByTestId('log-list').getByRole('button')
    await expect.poll(() => rows.count()).toBe(3)
    expect(await rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).tabIndex))).toEqual([
      0, -1, -1,
    ])
    await rows.first().focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
    expect(await rows.evaluateAll((all) => all.indexOf(document.activeElement as HTMLElement))).toBe(1)
    await page.keyboard.press('End')
    expect(await rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).tabIndex))).toEqual([
      -1, -1, 0,
    ])
  })

  it('shows every event of a phone, though none has a rid', async () => {
    await open('log')
    for (let i = 0; i < 3; i++) await post(simulator, '/_device/login', { appid: APPID, user: '李雷' })
    await expect.poll(() => page.getByTestId('log-list').getByRole('button').count()).toBe(3)
  })

  it('can be narrowed to what was refused and to a word', async () => {
    await exchange(simulator, consent())
    await exchange(simulator, 'f'.repeat(64))
    await open('log')
    const rows = page.getByTestId('log-list').getByRole('listitem')
    await page.getByTestId('log-refused').check()
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByTestId('log-refused').uncheck()
    await page.getByTestId('log-filter').fill('stable_token')
    await expect.poll(() => rows.count()).toBe(2)
  })
})

describe('the phone', () => {
  it('consents as the chosen user, shows the detail, and the bill counts it', async () => {
    await open('bill')
    await page.getByTestId('phone-user').selectOption('韩梅梅')
    await page.getByTestId('tap-quick').click()
    await page.getByTestId('haoma-privacy-agree').click()
    await page.getByTestId('haoma-allow').click()
    const detail = JSON.parse((await page.getByTestId('phone-detail').textContent()) ?? '') as {
      code: string
    }
    expect(await exchange(simulator, detail.code)).toMatchObject({
      phone_info: { purePhoneNumber: '13800138000' },
    })
    await page.getByTestId(`bill-${APPID}-quick`).getByText('1 / 1000').waitFor()
  })
})

describe('the apps', () => {
  it('take away what an account may do: an unverified one gets no number', async () => {
    await open('overview')
    await page.getByTestId(`edit-${APPID}`).click()
    await page.getByTestId(`${APPID}-verified`).uncheck()
    await page.getByTestId('apps').getByText('未认证').first().waitFor()
    await page.getByTestId('tap-quick').click()
    await page.getByTestId('phone-detail').getByText('getPhoneNumber:fail no permission').waitFor()
  })
})

describe('codes and tokens', () => {
  it('die on the screen when the clock moves on, and say why', async () => {
    consent()
    await open('codes')
    const codes = page.getByTestId('codes')
    await codes.getByText('有效', { exact: true }).waitFor()
    await page.getByTestId('clock').click()
    await page.getByTestId('clock-m5').click()
    await codes.getByText('超过 5 分钟没有使用').waitFor()
  })

  it('are replaced elsewhere by a click: the old token gets 40001', async () => {
    await exchange(simulator, consent())
    await open('codes')
    await page.getByTestId('replace-token').click()
    await page.getByText('已被取代').waitFor()
    const log = await fetch(`${simulator.url}/_control/state`)
    const { accessTokens } = (await log.json()) as {
      accessTokens: Array<{ accessToken: string; state: string }>
    }
    const old = accessTokens.find(({ state }) => state === 'superseded')
    const answer = await post(
      simulator,
      `/wxa/business/getuserphonenumber?access_token=${old?.accessToken}`,
      {
        code: consent(),
      },
    )
    expect(answer).toMatchObject({ errcode: 40001 })
  })
})

describe('users and faults', () => {
  it('order the next event of a user in the words of a real client', async () => {
    await open('users')
    await page.getByTestId('next-event-李雷').selectOption('not-bound-en')
    await expect.poll(() => simulator.control.snapshot().nextEvents.length).toBe(1)
    const tap = { appid: APPID, user: '李雷', component: 'quick', answer: 'allow' } as const
    expect(simulator.device.phone(tap).errMsg).toContain('The user is not bound to the mobile phone')
  })

  it('keep what was typed when a number is wrong, and add the user when it is right', async () => {
    await open('users')
    await page.getByTestId('add-user').click()
    await page.getByTestId('user-name').fill('小红')
    await page.getByTestId('user-numbers').fill('12')
    await page.getByTestId('user-save').click()
    await page.getByTestId('problem').getByText('13800138000').waitFor()
    expect(await page.getByTestId('user-name').inputValue()).toBe('小红')
    await page.getByTestId('user-numbers').fill('13911112222')
    await page.getByTestId('user-save').click()
    await page.getByTestId('user-小红').getByText('13911112222').waitFor()
    expect(await page.getByTestId('problem').count()).toBe(0)
  })

  it('fall on the next call as composed, and go when cleared', async () => {
    await open('faults')
    await page.getByTestId('fault-kind').selectOption('errcode')
    await page.getByTestId('fault-path').fill('/cgi-bin/stable_token')
    await page.getByTestId('fault-errcode').fill('45009')
    await page.getByTestId('fault-start').click()
    await page.getByTestId('faults').getByText('/cgi-bin/stable_token').waitFor()
    const body = { grant_type: 'client_credential', appid: APPID, secret: APP_SECRET }
    expect(await post(simulator, '/cgi-bin/stable_token', body)).toMatchObject({ errcode: 45009 })
    await page.getByTestId('fault-start').click()
    await page.getByTestId('clear-faults').click()
    await page.getByText('没有故障', { exact: true }).waitFor()
    expect(await post(simulator, '/cgi-bin/stable_token', body)).toHaveProperty('access_token')
  })
})

it('says when the simulator is gone, keeps what it knew, and recovers by itself', async () => {
  await open('overview')
  await page.getByTestId('apps').getByText(APPID).waitFor()
  simulator.control.outage(1500)
  await page.getByTestId('lost').getByText('npx haoma simulate').waitFor()
  expect(await page.getByTestId('apps').getByText(APPID).isVisible()).toBe(true)
  await page.getByTestId('lost').waitFor({ state: 'detached' })
  await exchange(simulator, 'f'.repeat(64))
  await page.getByTestId('log-list').getByText('40029').waitFor()
})

it('speaks both languages, is light or dark, and remembers', async () => {
  await open('overview', { ...DESKTOP, locale: 'en-US', colorScheme: 'dark' })
  await page.getByText('Nothing refused so far').waitFor()
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  expect(await background()).toBe('rgb(16, 19, 22)')
  await page.getByTestId('language').click()
  await page.getByTestId('theme').selectOption('light')
  await page.reload()
  await page.getByText('还没有被拒绝的请求').waitFor()
  expect(await background()).toBe('rgb(245, 246, 248)')
})
