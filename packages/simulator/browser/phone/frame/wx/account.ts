import type { Device, PrivacyListener } from '../../../sheet/index.ts'
import { WxFailure } from './callback.ts'

/** Logging in, the profile and the privacy agreement, played by the simulator's device. */
export function createAccount(device: Device) {
  return {
    sync: {
      onNeedPrivacyAuthorization: (listener: PrivacyListener) => device.onNeedPrivacyAuthorization(listener),
    },
    async: {
      login: async () => {
        const { code } = await device.login()
        return { code }
      },
      checkSession: async () => {
        const { errMsg } = await device.checkSession()
        if (!errMsg.endsWith(':ok')) throw new WxFailure('session time out')
      },
      getUserInfo: () => device.userInfo('getUserInfo'),
      getUserProfile: async ({ desc }: Record<string, unknown>) => {
        if (typeof desc !== 'string' || desc === '') {
          throw new WxFailure('parameter error: parameter.desc should be String instead of Undefined;')
        }
        if (!navigator.userActivation.isActive) {
          throw new WxFailure('can only be invoked by user TAP gesture.')
        }
        return device.userInfo('getUserProfile')
      },
      getPrivacySetting: () => device.getPrivacySetting(),
      openPrivacyContract: async () => void (await device.openPrivacyContract()),
      requirePrivacyAuthorize: async () => {
        const { errno } = await device.requirePrivacyAuthorize()
        if (errno !== undefined) throw new WxFailure('privacy permission is not authorized', errno)
      },
    },
  }
}
