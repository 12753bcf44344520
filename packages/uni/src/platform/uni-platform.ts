import { LoginError } from '../login-error.ts'
import type { HttpAnswer, HttpRequest, Language, Platform } from './platform.ts'
import { findSimulatorDevice, type SimulatorDevice } from './simulator-device.ts'

/** The platform the app runs on, over uni-app's own calls. */
export function createUniPlatform(): Platform {
  // Written out call by call: uni-app's H5 build replaces `uni.name` and knows no `uni` object.
  const readInfo = uni.getAppBaseInfo || uni.getSystemInfoSync
  const info: { uniPlatform?: string; SDKVersion?: string; language?: string } = readInfo()
  const isWeChat = info.uniPlatform === 'mp-weixin'
  const device = isWeChat ? undefined : findSimulatorDevice()
  const combinesPrivacy = !isWeChat || isAtLeast(info.SDKVersion, '2.33.1')
  return {
    wechat: isWeChat ? 'native' : device ? 'simulated' : 'none',
    language: languageOf(info.language),
    combinesPrivacy,
    login: device ? () => simulatedLogin(device) : nativeLogin,
    needsPrivacy: () => (isWeChat && !combinesPrivacy ? needsPrivacy() : Promise.resolve(false)),
    requestPhoneNumber: (component, noQuotaToast) =>
      device
        ? device.requestPhoneNumber({ component, noQuotaToast, agreePrivacy: true })
        : Promise.reject(new LoginError('outside-wechat')),
    request,
    storage: storageOf(device?.user),
  }
}

function nativeLogin(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: ({ code }) => (code ? resolve(code) : reject(new LoginError('wechat-login'))),
      fail: (cause) => reject(new LoginError('wechat-login', { cause })),
    })
  })
}

async function simulatedLogin(device: SimulatorDevice): Promise<string> {
  const { code, errMsg } = await device.login().catch((cause) => ({ code: '', errMsg: String(cause) }))
  if (!code) throw new LoginError('wechat-login', { cause: errMsg })
  return code
}

/** Base libraries below 2.32.3 know neither the call nor the duty. */
function needsPrivacy(): Promise<boolean> {
  return new Promise((resolve) => {
    if (!uni.canIUse('getPrivacySetting')) return resolve(false)
    uni.getPrivacySetting({
      success: ({ needAuthorization }) => resolve(needAuthorization === true),
      fail: () => resolve(false),
    })
  })
}

function request({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    uni.request({
      method,
      url,
      header: { 'content-type': 'application/json', ...headers },
      ...(body && { data: body }),
      timeout: timeoutMs,
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
      fail: (cause) =>
        reject(new LoginError(/time ?out/i.test(cause.errMsg ?? '') ? 'timeout' : 'network', { cause })),
    })
  })
}

/** WeChat keeps a storage per user. A browser does not, and the simulator's phone changes hands. */
function storageOf(user: string | undefined): Platform['storage'] {
  const own = (key: string) => (user === undefined ? key : `${key}:${user}`)
  return {
    get: (key) => uni.getStorageSync(own(key)) || undefined,
    set: (key, value) => uni.setStorageSync(own(key), value),
    remove: (key) => uni.removeStorageSync(own(key)),
  }
}

function languageOf(tag: string | undefined): Language {
  return tag === undefined || tag === '' || /^zh/i.test(tag) ? 'zh' : 'en'
}

function isAtLeast(version: string | undefined, least: string): boolean {
  const parts = (text: string) => text.split('.').map(Number)
  const [have, want] = [parts(version ?? '0'), parts(least)]
  for (const [at, part] of want.entries()) {
    const own = have[at] ?? 0
    if (own !== part) return own > part
  }
  return true
}
