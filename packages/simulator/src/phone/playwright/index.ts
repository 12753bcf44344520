/**
 * Drives a compiled mini program on the simulator's phone page from Playwright.
 *
 * @module
 */
import { createPrivacyPopup, createSheet, type PrivacyPopup, type Sheet } from './sheet.ts'
import type { FrameLocatorLike, LocatorLike, PageLike } from './structural.ts'
import { type ConsoleLine, orTell, readConsole } from './tell.ts'

export type { PrivacyPopup, Sheet } from './sheet.ts'
export type { FrameLocatorLike, LocatorLike, PageLike } from './structural.ts'
export type { ConsoleLine } from './tell.ts'

/** Who holds which phone, and what it shows first. What is left out is the phone page's default. */
export interface OpenPhoneOptions {
  /** The simulator's address, such as `http://127.0.0.1:4010`. */
  url: string
  appid?: string
  /** Name of a WeChat user of the simulator; one it has not met yet is made. */
  user?: string
  platform?: 'ios' | 'android' | 'harmony' | 'windows' | 'mac' | 'wxwork' | 'devtools'
  /** Version of WeChat's base library. Default is `3.8.0`. */
  baseLibrary?: string
  wechatVersion?: string
  /** Default is `zh`, whatever the browser's. */
  language?: 'zh' | 'en'
  /** Default is `light`. */
  theme?: 'light' | 'dark'
  /** The page to open, with its query, such as `pages/me/me?from=test`. Default is the home page. */
  page?: string
  /**
   * Where `wx.request` really goes, by origin: a mini program compiled for production is tested against a
   * service on this machine with `{ 'https://api.example.com': 'http://127.0.0.1:4000' }`.
   */
  origins?: Record<string, string>
}

/** A mini program on the phone page. Every call waits for what it needs, by Playwright's own rules. */
export interface PhonePage {
  /**
   * Taps what shows exactly this text, or a match of an expression, or what a CSS selector (`#id`, `.class`,
   * `[attribute]`, `wx-button`) finds.
   */
  tap(target: string | RegExp): Promise<void>
  /** Types into an input, found by a CSS selector or its placeholder. */
  fill(target: string, value: string): Promise<void>
  /** The text of the page on top, as it is seen. */
  text(): Promise<string>
  /**
   * Waits until the page on top shows a text.
   *
   * @throws Error - It never did; the message tells what the page shows instead, and what went wrong on the phone.
   */
  waitForText(text: string | RegExp): Promise<void>
  /** Waits until a page is on top, by its path with no leading slash. */
  waitForPage(path: string): Promise<void>
  /** Path of the page on top. */
  currentPage(): Promise<string>
  /** Title in the navigation bar. */
  title(): Promise<string>
  goBack(): Promise<void>
  /** Taps an entry of the tab bar by its text. */
  switchTab(text: string): Promise<void>
  /** WeChat's toast (`wx.showToast`, or that of the phone component), once one is shown. */
  toast(): Promise<string>
  /** WeChat's modal (`wx.showModal`), once one is shown. */
  modal: { text(): Promise<string>; confirm(): Promise<void>; cancel(): Promise<void> }
  /** Taps an entry of the list from below (`wx.showActionSheet`, `<picker>`). */
  choose(item: string): Promise<void>
  sheet: Sheet
  privacy: PrivacyPopup
  /** What the console strip shows: logs, errors, requests, and what is not played. */
  console(): Promise<ConsoleLine[]>
  /** The page on top, for anything else: `<view>` is drawn as `<wx-view>`. */
  screen: LocatorLike
  /** The frame the mini program runs in. */
  frame: FrameLocatorLike
}

/**
 * Opens the phone page and waits until the mini program runs.
 *
 * @example
 * ```ts
 * import { openPhone } from '@haoma/simulator/playwright'
 *
 * const phone = await openPhone(page, { url: simulator.url, user: '李雷' })
 * await phone.tap('手机号快捷登录')
 * await phone.sheet.allow()
 * await phone.waitForText('138****8000')
 * ```
 * @throws Error - The mini program cannot run; the message is the phone page's own.
 */
export async function openPhone(page: PageLike, options: OpenPhoneOptions): Promise<PhonePage> {
  await page.goto(phoneUrl(options))
  const any = page.locator('[data-status="running"], [data-status="trouble"], [data-status="asking"]')
  await any.waitFor()
  // Asked once in a tab; whoever writes `origins` into a test has said yes.
  if ((await any.getAttribute('data-status')) === 'asking') await page.locator('.consent .allow').click()
  const state = page.locator('[data-status="running"], [data-status="trouble"]')
  await state.waitFor()
  if ((await state.getAttribute('data-status')) === 'trouble') {
    throw new Error(await page.locator('.trouble').innerText())
  }
  const frame = page.frameLocator('iframe.frame')
  const screen = frame.locator('.page-layer:not([hidden])')
  const find = (target: string | RegExp) =>
    typeof target === 'string' && isSelector(target)
      ? screen.locator(target)
      : screen.getByText(target, { exact: true })
  const app = page.locator('.page')

  return {
    tap: (target) => find(target).first().click(),
    fill: (target, value) =>
      screen
        .locator(isSelector(target) ? `${target} input, ${target} textarea` : `[placeholder="${target}"]`)
        .first()
        .fill(value),
    text: () => screen.innerText(),
    waitForText: (text) => orTell(screen.getByText(text).first().waitFor(), page, screen),
    waitForPage: (path) => page.locator(`.page[data-page="${path}"]`).waitFor(),
    currentPage: async () => (await app.getAttribute('data-page')) ?? '',
    title: () => page.locator('.bar-title').innerText(),
    goBack: () => page.locator('.navigation-bar .back').click(),
    switchTab: (text) => page.locator('.tab-bar button', { hasText: text }).click(),
    async toast() {
      const toast = page.locator('.toast, [data-testid="haoma-toast"]').filter({ visible: true }).first()
      await toast.waitFor()
      return (await toast.innerText()).trim()
    },
    modal: {
      text: () => page.locator('.modal').innerText(),
      confirm: () => page.locator('.modal .confirm').click(),
      cancel: () => page.locator('.modal button:not(.confirm)').click(),
    },
    choose: (item) => page.locator('.action-sheet button', { hasText: item }).click(),
    sheet: createSheet(page),
    privacy: createPrivacyPopup(page),
    console: () => readConsole(page),
    screen,
    frame,
  }
}

/** Names of the address' parameters, by option. */
const parameters = {
  appid: 'appid',
  user: 'user',
  platform: 'platform',
  baseLibrary: 'lib',
  wechatVersion: 'wechat',
  language: 'lang',
  theme: 'theme',
  page: 'page',
} as const

function phoneUrl(options: OpenPhoneOptions): string {
  const url = new URL('/phone', options.url)
  const given = { language: 'zh', theme: 'light', ...options }
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = given[name as keyof typeof parameters]
    if (value !== undefined) url.searchParams.set(parameter, value)
  }
  if (options.origins) url.searchParams.set('origins', JSON.stringify(options.origins))
  return url.href
}

function isSelector(target: string): boolean {
  return /^[#.[]|^wx-/.test(target)
}
