import type { Host } from '../../host.ts'

const fontSizePx = 16

/** What WeChat tells about the phone, the window and itself. */
export function createSystem(host: Host, toldTheme: () => 'light' | 'dark' | undefined) {
  const windowInfo = () => {
    const { pixelRatio, screenWidth, screenHeight, statusBarHeight, safeAreaBottom } = host.facts()
    const bottom = screenHeight - safeAreaBottom
    return {
      pixelRatio,
      screenWidth,
      screenHeight,
      windowWidth: window.innerWidth,
      windowHeight: window.innerHeight,
      statusBarHeight,
      screenTop: host.facts().menuButton.top + host.facts().menuButton.height + 8,
      safeArea: {
        left: 0,
        right: screenWidth,
        top: statusBarHeight,
        bottom,
        width: screenWidth,
        height: bottom - statusBarHeight,
      },
    }
  }
  const deviceInfo = () => {
    const { brand, model, system, toldPlatform: platform } = host.facts()
    return {
      abi: 'arm64',
      benchmarkLevel: 40,
      brand,
      model,
      system,
      platform,
      cpuType: 'unknown',
      memorySize: '8192',
    }
  }
  const appBaseInfo = () => {
    const { baseLibrary, language, wechatVersion, environment } = host.facts()
    return {
      SDKVersion: baseLibrary,
      enableDebug: false,
      host: { env: environment === 'wxwork' ? 'WeWork' : 'WeChat', appId: host.appid, version: 0 },
      language,
      version: wechatVersion,
      theme: toldTheme(),
      fontSizeScaleFactor: 1,
      fontSizeSetting: fontSizePx,
    }
  }
  const systemSetting = () => ({
    bluetoothEnabled: true,
    locationEnabled: true,
    wifiEnabled: true,
    deviceOrientation: 'portrait',
  })
  const systemInfo = () => ({
    ...deviceInfo(),
    ...windowInfo(),
    ...appBaseInfo(),
    ...systemSetting(),
    ...(host.facts().environment === undefined ? {} : { environment: host.facts().environment }),
    albumAuthorized: true,
    cameraAuthorized: true,
    locationAuthorized: true,
    microphoneAuthorized: true,
    notificationAuthorized: true,
  })

  return {
    sync: {
      getSystemInfoSync: systemInfo,
      getDeviceInfo: deviceInfo,
      getWindowInfo: windowInfo,
      getAppBaseInfo: appBaseInfo,
      getSystemSetting: systemSetting,
      getAppAuthorizeSetting: () => ({
        notificationAuthorized: 'authorized',
        locationAuthorized: 'authorized',
      }),
      getAccountInfoSync: () => ({
        miniProgram: { appId: host.appid, envVersion: 'develop', version: '' },
        plugin: {},
      }),
      getMenuButtonBoundingClientRect: () => {
        const { menuButton, screenWidth } = host.facts()
        const left = screenWidth - menuButton.right - menuButton.width
        return {
          top: menuButton.top,
          left,
          width: menuButton.width,
          height: menuButton.height,
          right: left + menuButton.width,
          bottom: menuButton.top + menuButton.height,
        }
      },
      getBatteryInfoSync: () => ({ level: 100, isCharging: true }),
      getExptInfoSync: () => ({}),
      getExtConfigSync: () => ({}),
    },
    async: {
      getSystemInfo: systemInfo,
      getSystemInfoAsync: systemInfo,
      getBatteryInfo: () => ({ level: 100, isCharging: true }),
      getNetworkType: () => ({
        networkType: 'wifi',
        isConnected: true,
        hasSystemProxy: false,
        signalStrength: 0,
      }),
      getExtConfig: () => ({ extConfig: {} }),
    },
  }
}
