import { LoginError } from '../login-error.ts'
import type { HttpAnswer, HttpRequest, Language, Platform, WeChat } from './platform.ts'
import { findSimulatorDevice, simulatedWeChat } from './simulator-device.ts'

/** The platform the app runs on, over uni-app's own calls. */
export function createUniPlatform(): Platform {
  // Call by call, never `uni` as a value: uni-app's H5 build replaces `uni.name` and knows no `uni` object.
  const info: AppInfo = readInfo()
  const isWeChat = info.uniPlatform === 'mp-weixin'
  const device = isWeChat ? undefined : findSimulatorDevice()
  const wechat = isWeChat ? nativeWeChat(info.SDKVersion) : device ? simulatedWeChat(device) : noWeChat
  // WeChat keeps a storage per user. A browser does not, and the simulator's phone changes hands.
  const own = (key: string) => (device ? `${key}:${device.user}` : key)
  return {
    ...wechat,
    language: languageOf(info.language),
    device: deviceOf(readDevice()),
    onHide: (listener) => typeof uni.onAppHide === 'function' && uni.onAppHide(listener),
    request,
    storage: {
      get: (key) => uni.getStorageSync(own(key)) || undefined,
      set: (key, value) => uni.setStorageSync(own(key), value),
      remove: (key) => uni.removeStorageSync(own(key)),
    },
  }
}

interface AppInfo {
  uniPlatform?: string
  SDKVersion?: string
  language?: string
}

interface DeviceInfo {
  platform?: string
  model?: string
  deviceModel?: string
}

/**
 * uni-app's own wrapper exists where the base library has no such call, and throws there: only `canIUse` knows.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getAppBaseInfo.html (since 2.20.1)
 */
function firstOf<T>(readers: [name: string, read: () => unknown][]): Partial<T> {
  for (const [name, read] of readers) {
    try {
      if (typeof uni.canIUse === 'function' && !uni.canIUse(name)) continue
      const found = read()
      if (typeof found === 'object' && found !== null) return found
    } catch {
      // The next one, which is older, is there.
    }
  }
  return {}
}

const readInfo = () =>
  firstOf<AppInfo>([
    ['getAppBaseInfo', () => uni.getAppBaseInfo()],
    ['getSystemInfoSync', () => uni.getSystemInfoSync()],
  ])

const readDevice = () =>
  firstOf<DeviceInfo>([
    ['getDeviceInfo', () => uni.getDeviceInfo()],
    ['getSystemInfoSync', () => uni.getSystemInfoSync()],
  ])

function deviceOf({ platform, model, deviceModel }: DeviceInfo): { platform?: string; deviceName?: string } {
  const deviceName = model || deviceModel
  return {
    ...(platform && { platform: platform.slice(0, 32) }),
    ...(deviceName && { deviceName: deviceName.slice(0, 64) }),
  }
}

function nativeWeChat(baseLibrary: string | undefined): WeChat {
  const combinesPrivacy = isAtLeast(baseLibrary, '2.33.1')
  return {
    ...noWeChat,
    wechat: 'native',
    combinesPrivacy,
    login: () =>
      new Promise((resolve, reject) => {
        const fail = (cause?: unknown) => reject(new LoginError('wechat-login', { cause }))
        uni.login({ provider: 'weixin', success: ({ code }) => (code ? resolve(code) : fail()), fail })
      }),
    needsPrivacy: () =>
      new Promise((resolve) => {
        // Base libraries below 2.32.3 know neither the call nor the duty.
        if (combinesPrivacy || !uni.canIUse('getPrivacySetting')) return resolve(false)
        uni.getPrivacySetting({
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

function request({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    uni.request({
      method,
      url,
      header: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { data: body }),
      timeout: timeoutMs,
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
      fail: (cause) =>
        reject(new LoginError(/time ?out/i.test(cause.errMsg ?? '') ? 'timeout' : 'network', { cause })),
    })
  })
}

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
