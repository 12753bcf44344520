import { LoginError } from '../login-error.ts'
import type { HttpAnswer, Language, Platform, PrivacyAnswer, PrivacyGuideline, WeChat } from './platform.ts'

interface Callbacks<T> {
  success?(result: T): void
  fail?(error: { errMsg?: string }): void
}

/** The few calls of a mini program that a login needs: `wx`, `Taro` or `uni` have them all. */
export interface MiniProgramApi {
  request(
    options: {
      method?: never
      url: string
      header?: Record<string, string>
      data?: object
      timeout?: number
    } & Callbacks<{ statusCode: number; data: unknown }>,
  ): unknown
  login(options: Callbacks<{ code: string }>): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
  removeStorageSync(key: string): void
  canIUse?(name: string): boolean
  getAppBaseInfo?(): unknown
  getSystemInfoSync?(): unknown
  getDeviceInfo?(): unknown
  onAppHide?(listener: () => void): unknown
  getPrivacySetting?(
    options: Callbacks<{ needAuthorization?: boolean; privacyContractName?: string }>,
  ): unknown
  openPrivacyContract?(options: object): unknown
  onNeedPrivacyAuthorization?(listener: (resolve: (answer: PrivacyAnswer) => void) => void): void
}

interface PlatformOptions {
  /** Name of the platform, where it does not say it by itself. Default is `mp-weixin`. */
  name?: string | undefined
  /** What stands in WeChat's place outside of it, e.g. the simulator. */
  wechat?: WeChat
  /** The key under which one user's value is stored. Default is the key itself: WeChat keeps a storage per user. */
  ownKey?(key: string): string
}

interface Info {
  uniPlatform?: string
  SDKVersion?: string
  language?: string
  platform?: string
  model?: string
  deviceModel?: string
}

/**
 * The platform of a mini program, over its own calls.
 *
 * @example
 * createLogin({ baseUrl, appid, platform: createPlatform(wx) })
 */
export function createPlatform(
  api: MiniProgramApi,
  { wechat, ownKey = (key) => key, ...options }: PlatformOptions = {},
): Platform {
  // The older call only where the newer is missing: WeChat's tools warn of it.
  const info = read('getAppBaseInfo') ?? read('getSystemInfoSync') ?? {}
  const name = info.uniPlatform ?? options.name ?? 'mp-weixin'
  const { platform, model, deviceModel } = read('getDeviceInfo') ?? read('getSystemInfoSync') ?? {}
  const deviceName = model || deviceModel
  const isWeChat = name === 'mp-weixin'
  const privacy = isWeChat && has('getPrivacySetting') ? guidelineOf(api) : undefined
  return {
    ...(wechat ?? (isWeChat ? nativeWeChat(api, info.SDKVersion, has('getPrivacySetting')) : noWeChat)),
    name,
    language: languageOf(info.language),
    device: {
      ...(platform && { platform: platform.slice(0, 32) }),
      ...(deviceName && { deviceName: deviceName.slice(0, 64) }),
    },
    privacy,
    onHide: (listener) => api.onAppHide?.(listener),
    request: ({ method, url, headers, body, timeoutMs }) =>
      new Promise<HttpAnswer>((resolve, reject) => {
        api.request({
          method: method as never,
          url,
          header: { ...(body && { 'content-type': 'application/json' }), ...headers },
          ...(body && { data: body }),
          timeout: timeoutMs,
          success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
          fail: (cause) =>
            reject(new LoginError(/time ?out/i.test(cause.errMsg ?? '') ? 'timeout' : 'network', { cause })),
        })
      }),
    storage: {
      get: (key) => api.getStorageSync(ownKey(key)) || undefined,
      set: (key, value) => api.setStorageSync(ownKey(key), value),
      remove: (key) => api.removeStorageSync(ownKey(key)),
    },
  }

  function has(call: string): boolean {
    return typeof api.canIUse !== 'function' || api.canIUse(call)
  }

  /**
   * uni-app's own wrapper exists where the base library has no such call, and throws there; in a browser its `canIUse`
   * denies what there is. So it is tried.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getAppBaseInfo.html (since 2.20.1)
   */
  function read(call: 'getAppBaseInfo' | 'getSystemInfoSync' | 'getDeviceInfo'): Info | undefined {
    try {
      const found = api[call]?.()
      return typeof found === 'object' && found !== null ? found : undefined
    } catch {
      return undefined
    }
  }
}

function nativeWeChat(api: MiniProgramApi, baseLibrary: string | undefined, knowsPrivacy: boolean): WeChat {
  const isFrom = (least: string) => isAtLeast(baseLibrary, least)
  const combinesPrivacy = isFrom('2.33.1')
  return {
    ...noWeChat,
    wechat: 'native',
    canAsk: { quick: isFrom('2.21.2'), realtime: isFrom('2.24.4') },
    combinesPrivacy,
    login: () =>
      new Promise((resolve, reject) => {
        const fail = (cause?: unknown) => reject(new LoginError('wechat-login', { cause }))
        api.login({ success: ({ code }) => (code ? resolve(code) : fail()), fail })
      }),
    needsPrivacy: () =>
      new Promise((resolve) => {
        // Base libraries below 2.32.3 know neither the call nor the duty.
        if (combinesPrivacy || !knowsPrivacy) return resolve(false)
        api.getPrivacySetting?.({
          success: ({ needAuthorization }) => resolve(needAuthorization === true),
          fail: () => resolve(false),
        })
      }),
  }
}

/** Browsers, apps and other mini programs. */
const noWeChat: WeChat = {
  wechat: 'none',
  combinesPrivacy: false,
  ready: () => Promise.resolve(),
  login: () => Promise.reject(new LoginError('outside-wechat')),
  needsPrivacy: () => Promise.resolve(false),
  requestPhoneNumber: () => Promise.reject(new LoginError('outside-wechat')),
}

const guidelineOf = (api: MiniProgramApi): PrivacyGuideline => ({
  name: () =>
    new Promise((resolve) => {
      api.getPrivacySetting?.({
        success: ({ privacyContractName }) => resolve(privacyContractName ?? ''),
        fail: () => resolve(''),
      })
    }),
  open: () => void api.openPrivacyContract?.({}),
  onNeeded: (ask) => api.onNeedPrivacyAuthorization?.(ask),
})

function languageOf(tag: string | undefined): Language {
  return !tag || /^zh/i.test(tag) ? 'zh' : 'en'
}

function isAtLeast(version: string | undefined, least: string): boolean {
  const have = (version ?? '').split('.').map(Number)
  for (const [at, want] of least.split('.').map(Number).entries()) {
    const part = have[at] ?? 0
    if (part !== want) return part > want
  }
  return true
}
