import { LoginError } from '../login-error.ts'
import type { PhoneEventDetail, WeChat } from './platform.ts'

/** What the simulator's `device.js` gives a browser page in WeChat's place. */
export interface SimulatorDevice {
  /** Who holds the phone. Empty until `ready()`. */
  readonly user: string
  ready(): Promise<void>
  login(): Promise<{ code?: string; errMsg: string }>
  requestPhoneNumber(options: {
    component: 'quick' | 'realtime'
    /** The button's combined form: one tap agrees to the privacy guideline as well. */
    agreePrivacy?: boolean
    /** WeChat's `phone-number-no-quota-toast`: true shows the toast. */
    noQuotaToast?: boolean
  }): Promise<PhoneEventDetail>
}

declare global {
  interface Window {
    haomaDevice?: SimulatorDevice
  }
}

/** The device of this page, when the simulator's script was loaded before the app. */
export function findSimulatorDevice(): SimulatorDevice | undefined {
  return typeof window === 'undefined' ? undefined : window.haomaDevice
}

/** WeChat as the simulator plays it. */
export function simulatedWeChat(device: SimulatorDevice): WeChat {
  const lost = (cause: unknown) => {
    throw new LoginError('wechat-login', { cause })
  }
  // Another user's phone has another storage and another launch of the app: nothing of this one may go on.
  window.addEventListener('haomauserchange', () => window.location.reload())
  return {
    wechat: 'simulated',
    combinesPrivacy: true,
    ready: () => device.ready().catch(lost),
    login: () => device.login().then(({ code, errMsg }) => code || lost(errMsg), lost),
    needsPrivacy: () => Promise.resolve(false),
    requestPhoneNumber: (component, quotaToast) =>
      device.requestPhoneNumber({ component, noQuotaToast: quotaToast, agreePrivacy: true }),
  }
}
