import type { MiniProgramApi } from './create-platform.ts'

/**
 * uni-app's own calls. Call by call, never `uni` as a value: uni-app's H5 build replaces `uni.name` and knows no `uni`
 * object.
 */
export const uniApi: MiniProgramApi = {
  request: (options) => uni.request(options as UniNamespace.RequestOptions),
  login: (options) => uni.login({ provider: 'weixin', ...options } as UniNamespace.LoginOptions),
  getStorageSync: (key) => uni.getStorageSync(key),
  setStorageSync: (key, value) => uni.setStorageSync(key, value),
  removeStorageSync: (key) => uni.removeStorageSync(key),
  canIUse: (name) => typeof uni.canIUse !== 'function' || uni.canIUse(name),
  getAppBaseInfo: () => uni.getAppBaseInfo(),
  getSystemInfoSync: () => uni.getSystemInfoSync(),
  getDeviceInfo: () => uni.getDeviceInfo(),
  onAppHide: (listener) => typeof uni.onAppHide === 'function' && uni.onAppHide(listener),
  getPrivacySetting: (options) => uni.getPrivacySetting(options as UniNamespace.GetPrivacySettingOption),
  openPrivacyContract: (options) =>
    uni.openPrivacyContract(options as UniNamespace.OpenPrivacyContractOption),
  onNeedPrivacyAuthorization: (listener) =>
    (uni as unknown as MiniProgramApi).onNeedPrivacyAuthorization?.(listener),
}
