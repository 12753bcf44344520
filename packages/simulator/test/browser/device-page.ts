import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Simulator } from '../../src/index.ts'
import { APPID, openPage, serveBuilt, servePage } from './support.ts'

export interface ButtonEvent {
  type: string
  target: string
  detail: { errMsg: string; code?: string; errno?: number; buttonId?: string }
}

declare global {
  interface Window {
    /** Events of the open-type buttons, as a page's own listeners get them. */
    received: ButtonEvent[]
  }
}

interface DevicePageOptions extends BrowserContextOptions {
  user?: string
  /** Further attributes of the script tag. */
  attributes?: string
  /** What comes before the script tag. */
  head?: string
}

/** An ordinary page of another origin with WeChat's buttons in it and `device.js` of the simulator. */
export const openDevicePage = async (
  browser: Browser,
  simulator: Simulator,
  files: Map<string, string>,
  { user = '李雷', attributes = '', head = '', ...context }: DevicePageOptions = {},
) => {
  const html = `<!doctype html><meta name="viewport" content="width=device-width">
    <style>button { font-size: 40px; background: red }</style>
    ${head}
    <script src="${simulator.url}/device.js" data-appid="${APPID}" data-user="${user}" ${attributes}></script>
    <button id="quick" open-type="getPhoneNumber">手机号快捷登录</button>
    <button id="quiet" open-type="getPhoneNumber" phone-number-no-quota-toast="false">不提示</button>
    <button id="realtime" open-type="getRealtimePhoneNumber">获取实时手机号码</button>
    <button id="combined" open-type="getPhoneNumber|agreePrivacyAuthorization">同意并登录</button>
    <button id="agree" open-type="agreePrivacyAuthorization">同意</button>
    <script>
      window.received = []
      for (const type of ['getphonenumber', 'getrealtimephonenumber', 'agreeprivacyauthorization'])
        addEventListener(type, ({ target, detail }) => received.push({ type, target: target.id, detail }))
    </script>`
  const site = await servePage(() => html)
  const page = await openPage(browser, context)
  await serveBuilt(page, simulator, files)
  await page.goto(site.url)
  return { page, close: () => Promise.all([page.context().close(), site.close()]) }
}

/** Waits until the page has received `count` events and gives them all. */
export const receivedEvents = async (page: Page, count: number): Promise<ButtonEvent[]> => {
  await page.waitForFunction((wanted) => window.received.length >= wanted, count)
  return page.evaluate(() => window.received)
}

/** The detail of the first event the page has received. */
export const firstDetail = async (page: Page): Promise<ButtonEvent['detail']> => {
  const [event] = await receivedEvents(page, 1)
  if (!event) throw new Error('no event')
  return event.detail
}
