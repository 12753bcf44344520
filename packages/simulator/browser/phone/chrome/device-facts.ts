import type { DeviceFacts, Platform } from '../host.ts'
import type { Settings } from './settings.ts'

interface Look {
  /** What `wx.getDeviceInfo` calls the platform. */
  told: string

  brand: string
  model: string
  system: string
  pixelRatio: number
  statusBarHeight: number
  navigationBarHeight: number
  safeAreaBottom: number
}

/** One plausible phone per platform. Heights in CSS pixels. */
export const looks: Record<Platform, Look> = {
  ios: {
    told: 'ios',
    brand: 'iPhone',
    model: 'iPhone 15<iPhone15,4>',
    system: 'iOS 17.5',
    pixelRatio: 3,
    statusBarHeight: 44,
    navigationBarHeight: 44,
    safeAreaBottom: 34,
  },
  android: {
    told: 'android',
    brand: 'HUAWEI',
    model: 'ALN-AL00',
    system: 'Android 14',
    pixelRatio: 3,
    statusBarHeight: 32,
    navigationBarHeight: 48,
    safeAreaBottom: 0,
  },
  harmony: {
    told: 'ohos',
    brand: 'HUAWEI',
    model: 'CLS-AL00',
    system: 'HarmonyOS 5.0.0',
    pixelRatio: 3,
    statusBarHeight: 36,
    navigationBarHeight: 48,
    safeAreaBottom: 28,
  },
  windows: {
    told: 'windows',
    brand: 'microsoft',
    model: 'microsoft',
    system: 'Windows 11 x64',
    pixelRatio: 1,
    statusBarHeight: 0,
    navigationBarHeight: 44,
    safeAreaBottom: 0,
  },
  mac: {
    told: 'mac',
    brand: 'apple',
    model: 'Mac15,3',
    system: 'Mac OS X 14.5.0',
    pixelRatio: 2,
    statusBarHeight: 0,
    navigationBarHeight: 44,
    safeAreaBottom: 0,
  },
  wxwork: {
    told: 'ios',
    brand: 'iPhone',
    model: 'iPhone 15<iPhone15,4>',
    system: 'iOS 17.5',
    pixelRatio: 3,
    statusBarHeight: 44,
    navigationBarHeight: 44,
    safeAreaBottom: 34,
  },
  devtools: {
    told: 'devtools',
    brand: 'devtools',
    model: 'iPhone X',
    system: 'iOS 10.0.1',
    pixelRatio: 3,
    statusBarHeight: 44,
    navigationBarHeight: 44,
    safeAreaBottom: 34,
  },
}

const menuButton = { right: 7, width: 87, height: 32 }

/** What the phone tells about itself under the given settings. */
export function describeDevice(
  settings: Settings,
  screen: { width: number; height: number; bare: boolean },
): DeviceFacts {
  const look = looks[settings.platform]
  const statusBarHeight = screen.bare ? 0 : look.statusBarHeight
  return {
    platform: settings.platform,
    toldPlatform: look.told,
    environment: settings.platform === 'wxwork' ? 'wxwork' : undefined,
    language: settings.lang === 'zh' ? 'zh_CN' : 'en',
    theme: settings.theme,
    wechatVersion: settings.wechat,
    baseLibrary: settings.lib,
    brand: look.brand,
    model: look.model,
    system: look.system,
    pixelRatio: look.pixelRatio,
    screenWidth: screen.width,
    screenHeight: screen.height,
    statusBarHeight,
    safeAreaBottom: screen.bare ? 0 : look.safeAreaBottom,
    menuButton: { ...menuButton, top: statusBarHeight + (look.navigationBarHeight - menuButton.height) / 2 },
  }
}
