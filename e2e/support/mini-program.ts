import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
export const dist = join(import.meta.dirname, '../../examples/uni-app/dist/build/mp-weixin')

/** What the page has asked `wx.request` for. */
export interface WxRequest {
  method: string
  url: string
  data?: Record<string, unknown>
  header: Record<string, string>
}

export type WxAnswer = { statusCode: number; data: unknown } | 'no network' | 'never'

/** WeChat around the compiled mini program: what it is asked for is kept, what it answers is up to the test. */
export interface FakeWeChat {
  requests: WxRequest[]
  /** Titles of the toasts shown. */
  toasts: string[]
  answer(request: WxRequest): WxAnswer
  storage: Map<string, unknown>
  baseLibrary: string
}

export interface PhoneButton {
  text: string
  openType: string | undefined
  /** Names of the events that the compiled template listens to. */
  events: string[]
  disabled: boolean
  quotaToast: unknown
  /** Sends an event to the button, as WeChat does. */
  fire(event: string, detail?: object): void
}

export interface LaunchedPage {
  text(): string
  buttons(): PhoneButton[]
  close(): void
}

/** The engine's element behind a DOM node, as far as it is read here. */
interface EngineNode extends HTMLElement {
  __wxElement: { _vt: { attrs: { name: string; value: unknown }[]; event: Record<string, unknown> } }
}

interface EngineComponent {
  dom: HTMLElement
  attach(parent: Node): void
  detach(): void
  dispatchEvent(name: string, options: { detail: object }): void
}

/**
 * Launches the compiled mini program afresh and opens one of its pages, on WeChat's own component framework
 * (miniprogram-simulate, official template compiler). Needs a DOM.
 */
export function launch(path: string, wechat: FakeWeChat): LaunchedPage {
  // A launch starts with no module loaded, as a new start of the mini program does.
  for (const file of Object.keys(require.cache)) if (file.startsWith(dist)) delete require.cache[file]
  const simulate = require('miniprogram-simulate')
  let app: unknown
  Object.assign(globalThis, {
    App: (options: unknown) => {
      app = options
    },
    Page: () => undefined,
    getApp: () => app,
    getCurrentPages: () => [],
  })
  Object.assign((globalThis as unknown as { wx: object }).wx, wxOf(wechat))
  require(join(dist, 'app.js'))
  const id = simulate.load(join(dist, path), { rootPath: dist, compiler: 'official' })
  const page: EngineComponent = simulate.render(id)
  page.attach(document.body)

  // The page is a root component; any other element is wrapped in the class below it.
  const Wrapper: new (node: unknown) => EngineComponent = Object.getPrototypeOf(page.constructor)
  return {
    text: () => page.dom.textContent ?? '',
    buttons: () =>
      [...page.dom.querySelectorAll<EngineNode>('wx-button')].map((node) => {
        const { attrs, event } = node.__wxElement._vt
        const attr = (name: string) => attrs.find((found) => found.name === name)?.value
        return {
          text: (node.textContent ?? '').trim(),
          openType: attr('openType') as string | undefined,
          events: Object.keys(event),
          disabled: attr('disabled') === true,
          quotaToast: attr('phoneNumberNoQuotaToast'),
          fire: (name, detail = {}) => new Wrapper(node.__wxElement).dispatchEvent(name, { detail }),
        }
      }),
    close: () => page.detach(),
  }
}

interface RequestOptions extends WxRequest {
  success(answer: { statusCode: number; data: unknown }): void
  fail(error: { errMsg: string }): void
}

function wxOf(wechat: FakeWeChat) {
  const { requests, toasts, storage, baseLibrary } = wechat
  let logins = 0
  const info = () => ({
    SDKVersion: baseLibrary,
    language: 'zh_CN',
    version: '8.0.50',
    theme: 'light',
    platform: 'ios',
    model: 'iPhone 15',
  })
  return {
    getAppBaseInfo: info,
    getSystemInfoSync: info,
    getDeviceInfo: info,
    canIUse: () => true,
    onAppHide: () => undefined,
    setNavigationBarTitle: () => undefined,
    setTabBarItem: () => undefined,
    showToast: ({ title }: { title: string }) => void toasts.push(title),
    getPrivacySetting: ({ success }: { success(setting: object): void }) =>
      success({ needAuthorization: true, privacyContractName: '《隐私保护指引》' }),
    login: ({ success }: { success(result: object): void }) =>
      success({ code: `login-code-${++logins}`, errMsg: 'login:ok' }),
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
    removeStorageSync: (key: string) => void storage.delete(key),
    request({ method, url, data, header, success, fail }: RequestOptions) {
      const request: WxRequest = { method, url, header, ...(data && { data }) }
      requests.push(request)
      const result = wechat.answer(request)
      if (result === 'never') return
      setTimeout(() => (result === 'no network' ? fail({ errMsg: 'request:fail ' }) : success(result)))
    },
  }
}
