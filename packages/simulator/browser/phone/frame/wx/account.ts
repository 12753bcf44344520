import type { Device, PrivacyListener } from '../../../sheet/index.ts'
import { WxFailure } from './callback.ts'

/** Logging in and the privacy agreement, played by the simulator's device. */
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
      getPrivacySetting: () => device.getPrivacySetting(),
      openPrivacyContract: async () => void (await device.openPrivacyContract()),
      requirePrivacyAuthorize: async () => {
        const { errno } = await device.requirePrivacyAuthorize()
        if (errno !== undefined) throw new WxFailure('privacy permission is not authorized', errno)
      },
    },
  }
}
