import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/index.ts'
import { openDevicePage } from './device-page.ts'
import { APPID, buildPage, launchBrowser, openPage, serveBuilt, startSimulator } from './support.ts'

// Every page and state, each in four combinations of language, theme and width: axe finds nothing, and nothing is cut.
// With HAOMA_SHOTS=folder each is also written as a picture, to look at.

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
/** White on WeChat's own green, where WeChat has it (docs/decisions/0010-wechat-green.md). */
const wechatGreen = '.primary'

interface Look {
  lang: 'zh' | 'en'
  theme: 'light' | 'dark'
  width: number
  height: number
}
const looks: Look[] = [
  { lang: 'zh', theme: 'light', width: 320, height: 568 },
  { lang: 'en', theme: 'dark', width: 390, height: 844 },
  { lang: 'zh', theme: 'dark', width: 1440, height: 900 },
  { lang: 'en', theme: 'light', width: 1024, height: 768 },
]
const nameOf = ({ lang, theme, width }: Look) => `${lang} ${theme} ${width}`
const contextOf = ({ lang, theme, width, height }: Look): BrowserContextOptions => ({
  viewport: { width, height },
  locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
  colorScheme: theme,
})

let browser: Browser
let device: Map<string, string>
let control: Map<string, string>

beforeAll(async () => {
  ;[browser, device, control] = await Promise.all([
    launchBrowser(),
    buildPage('device'),
    buildPage('control'),
  ])
})
afterAll(() => browser.close())

interface Violation {
  id: string
  nodes: Array<{ target: unknown[]; failureSummary?: string }>
}

/** What axe finds, one line for each place. */
async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: axe })
  // Preloaded would be films and style sheets of elsewhere, of which there are none.
  const options = JSON.stringify({ runOnly: tags, resultTypes: ['violations'], preload: false })
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as { violations: Violation[] }
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ target }) => !(id === 'color-contrast' && String(target).endsWith(wechatGreen)))
      .map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary?.slice(0, 200)}`),
  )
}

async function check(page: Page, state: string, look: Look): Promise<void> {
  // Colours are measured when nothing moves any more.
  await page.evaluate(`Promise.allSettled([document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot)]
    .flatMap((root) => root?.getAnimations() ?? []).map((animation) => animation.finished))`)
  if (process.env.HAOMA_SHOTS)
    await page.screenshot({ path: `${process.env.HAOMA_SHOTS}/${state} ${nameOf(look)}.png` })
  expect(await findings(page), `${state}, ${nameOf(look)}`).toEqual([])
  const overflow = await page.evaluate(
    'document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth',
  )
  expect(overflow, `${state}, ${nameOf(look)}: wider than the screen`).toBeLessThanOrEqual(0)
}

const six = [...Array(6).keys()].map((index) => `1380013800${index}`)

/** The states of the sheet, each by the way a person comes to it. */
const sheetStates: Record<string, (page: Page, simulator: Simulator) => Promise<void>> = {
  numbers: async (page) => {
    await page.click('#quick')
    await page.getByTestId('haoma-number-n6').waitFor()
  },
  'numbers on a phone': async (page, simulator) => {
    simulator.control.setSwitches({ 'sheet-layout': 'phone' })
    await page.click('#quick')
    await page.getByTestId('haoma-number-n6').waitFor()
  },
  'add a number': async (page) => {
    await page.click('#quick')
    await page.getByTestId('haoma-other-number').click()
    await page.getByTestId('haoma-send-sms').click()
    await page.getByText(/请输入正确的手机号|Enter a valid/).waitFor()
  },
  'sms step': async (page) => {
    await page.click('#realtime')
    await page.getByTestId('haoma-allow').click()
    await page.getByTestId('haoma-sms-notification').waitFor()
  },
  'wrong sms code': async (page) => {
    await page.click('#realtime')
    await page.getByTestId('haoma-allow').click()
    await page.getByTestId('haoma-sms-close').click()
    await page.getByTestId('haoma-sms-input').fill('000000')
    await page.getByTestId('haoma-confirm').click()
    await page.getByText(/验证码错误|Wrong code/).waitFor()
  },
  privacy: async (page, simulator) => {
    simulator.control.setPrivacy(APPID, '六号', false)
    await page.click('#quick')
    await page.getByTestId('haoma-privacy').waitFor()
  },
  guideline: async (page, simulator) => {
    simulator.control.setSwitches({ 'sheet-layout': 'phone' })
    await page.click('#quick')
    await page.getByRole('button', { name: /隐私保护指引|privacy guideline/ }).click()
    await page.getByTestId('haoma-close').waitFor()
  },
  'no quota': async (page, simulator) => {
    simulator.control.putApp({ appid: APPID, trial: { quick: 0 } })
    await page.click('#quick')
    await page.getByTestId('haoma-toast').waitFor()
  },
  'no quota on a phone': async (page, simulator) => {
    simulator.control.setSwitches({ 'sheet-layout': 'phone' })
    simulator.control.putApp({ appid: APPID, trial: { quick: 0 } })
    await page.click('#quick')
    await page.getByTestId('haoma-quota').waitFor()
  },
  'simulator gone': async (page, simulator) => {
    await simulator.close()
    await page.click('#quick')
    await page.getByTestId('haoma-error').waitFor()
  },
  badge: async (page) => {
    await page.getByTestId('haoma-badge').click()
    await page.getByTestId('haoma-badge-menu').waitFor()
  },
}

/** Whether all of each control lies on the screen, with nothing over it. */
const isInSight = async (page: Page, testIds: readonly string[]): Promise<boolean[]> =>
  Promise.all(
    testIds.map((testId) =>
      page
        .getByTestId(testId)
        .click({ trial: true, timeout: 2000 })
        .then(
          () => true,
          () => false,
        ),
    ),
  )

describe('six numbers on the smallest phone', () => {
  it.each(['desktop', 'phone'] as const)(
    'leave what one can do in sight, in the layout of the %s',
    async (layout) => {
      const simulator = await startSimulator()
      simulator.control.putUser({ name: '六号', numbers: six })
      simulator.control.setPrivacy(APPID, '六号', true)
      simulator.control.setSwitches({ 'sheet-layout': layout })
      const { page, close } = await openDevicePage(browser, simulator, device, {
        user: '六号',
        viewport: { width: 320, height: 568 },
      })
      await page.click('#quick')
      await page.getByTestId('haoma-number-n1').waitFor()
      const inSight =
        layout === 'phone'
          ? ['haoma-deny', 'haoma-other-number']
          : ['haoma-deny', 'haoma-allow', 'haoma-other-number']
      for (const testId of inSight) {
        const box = await page.getByTestId(testId).boundingBox()
        expect(box && box.y >= 0 && box.y + box.height <= 568, testId).toBe(true)
      }
      expect(await isInSight(page, inSight)).toEqual(inSight.map(() => true))
      // Twice as large, as zoom makes it: a screen of half the size. Everything is reached by scrolling, nothing is cut.
      await page.setViewportSize({ width: 160, height: 284 })
      const all = [...inSight, 'haoma-number-n6']
      expect(await isInSight(page, all)).toEqual(all.map(() => true))
      await close()
      await simulator.close()
    },
  )
})

describe('the sheet and the badge', () => {
  it.each(Object.keys(sheetStates))(
    '%s',
    async (state) => {
      for (const look of looks) {
        const simulator = await startSimulator()
        simulator.control.putUser({ name: '六号', numbers: six })
        simulator.control.setPrivacy(APPID, '六号', true)
        const { page, close } = await openDevicePage(browser, simulator, device, {
          user: '六号',
          head: '<title>a page</title>',
          ...contextOf(look),
        })
        // The page around it is not ours; the element of ours is.
        await page.evaluate('document.documentElement.lang = "zh-CN"')
        await page.addStyleTag({ content: 'button { background: #b00020 !important; color: #fff }' })
        await sheetStates[state]?.(page, simulator)
        await check(page, `sheet ${state}`, look)
        await close()
        await simulator.close()
      }
    },
    60_000,
  )
})

/** Something of everything, so that no panel is empty. */
async function fill(simulator: Simulator): Promise<void> {
  const party = { appid: APPID, user: '李雷' }
  const tap = { ...party, component: 'quick' } as const
  const { code } = simulator.device.phone({ ...tap, answer: 'allow' })
  simulator.device.phone({ ...tap, answer: 'deny' })
  simulator.device.login(party)
  simulator.control.putUser({ name: '六号', numbers: six, blocked: true })
  simulator.control.addPack({ appid: APPID, component: 'quick', size: 1000 })
  simulator.control.addFault({ kind: 'errcode', errcode: 45011, path: '/cgi-bin/token', share: 0.5 })
  simulator.control.denyNext({ user: '李雷', count: 2 })
  simulator.control.setSwitches({ 'check-order': 'body-first' })
  const send = (path: string, body: object) =>
    fetch(simulator.url + path, { method: 'POST', body: JSON.stringify(body) })
  await send('/_device/login', party)
  for (const app of simulator.apps.slice(0, 2)) {
    const secret = { appid: app.appid, secret: app.appSecret, grant_type: 'client_credential' }
    const { access_token } = (await (await send('/cgi-bin/stable_token', secret)).json()) as Record<
      string,
      string
    >
    for (let i = 0; i < 3; i++)
      await send(`/wxa/business/getuserphonenumber?access_token=${access_token}`, { code })
  }
}

const panels = ['overview', 'log', 'users', 'codes', 'bill', 'switches', 'faults', 'phone'] as const

async function openControl(simulator: Simulator, look: Look): Promise<Page> {
  const page = await openPage(browser, contextOf(look))
  await serveBuilt(page, simulator, control)
  await page.goto(`${simulator.url}/#overview`)
  await page
    .getByTestId('link')
    .getByText(/实时|Live/)
    .waitFor()
  return page
}

describe('the control page', () => {
  it.each(['empty', 'full'])(
    '%s',
    async (amount) => {
      for (const look of looks) {
        const simulator = await startSimulator()
        if (amount === 'full') await fill(simulator)
        const page = await openControl(simulator, look)
        for (const panel of panels) {
          if (panel === 'phone' && look.width >= 1180) continue
          await page.locator(`[data-testid=nav-${panel}]`).click()
          await page.locator(`[data-testid=nav-${panel}][aria-current]`).waitFor()
          await check(page, `control ${amount} ${panel}`, look)
        }
        await page.context().close()
        await simulator.close()
      }
    },
    120_000,
  )

  it('with the drawer of a request, the clock and a form open, and with the simulator gone', async () => {
    for (const look of looks) {
      const simulator = await startSimulator()
      await fill(simulator)
      const page = await openControl(simulator, look)
      await page.locator('[data-testid=nav-log]').click()
      await page.getByTestId('log-list').getByRole('button').first().click()
      await check(page, 'control drawer', look)
      await page.keyboard.press('Escape')
      await page.getByTestId('clock').click()
      await check(page, 'control clock', look)
      await page.keyboard.press('Escape')
      await simulator.close()
      await page.getByTestId('lost').waitFor()
      await check(page, 'control lost', look)
      await page.context().close()
    }
  }, 60_000)
})
