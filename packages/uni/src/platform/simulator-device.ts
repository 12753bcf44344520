import type { PhoneEventDetail } from './platform.ts'

/** What the simulator's `device.js` gives a browser page in WeChat's place. */
export interface SimulatorDevice {
  readonly appid: string
  /** Who holds the phone. */
  readonly user: string
  login(): Promise<{ code?: string; errMsg: string }>
  requestPhoneNumber(options: {
    component: 'quick' | 'realtime'
    agreePrivacy?: boolean
    noQuotaToast?: boolean
  }): Promise<PhoneEventDetail>
}

declare global {
  var haomaDevice: SimulatorDevice | undefined
}

/** The device of this page, when the simulator's script was loaded before the app. */
export function findSimulatorDevice(): SimulatorDevice | undefined {
  return typeof window === 'undefined' ? undefined : window.haomaDevice
}
