/**
 * WeChat as the simulator's `device.js` plays it in a browser: for development, tests and demonstrations. Nothing of
 * this is in a production build, unless the app imports it.
 *
 * @module
 */
import { LoginError } from '../login-error.ts'
import { createPlatform } from './create-platform.ts'
import { listenToKeyboard } from './h5.ts'
import type { PhoneEventDetail, Platform, WeChat } from './platform.ts'
import { uniApi } from './uni-api.ts'

/** What the simulator's script gives a browser page in WeChat's place. */
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

const findScript = () =>
  typeof document === 'undefined'
    ? undefined
    : (document.querySelector<HTMLScriptElement>('script[src$="/device.js"]') ?? undefined)

/** Whether this page was given the simulator's script, even if the simulator did not answer with it. */
export const hasSimulator = () =>
  typeof window !== 'undefined' && (window.haomaDevice !== undefined || findScript() !== undefined)

/** The platform of a page in which the simulator plays WeChat; `undefined` without its script. */
export function createSimulatedPlatform(): Platform | undefined {
  if (!hasSimulator()) return undefined
  listenToKeyboard()
  const user = () => window.haomaDevice?.user ?? ''
  // WeChat keeps a storage per user. A browser does not, and the simulator's phone changes hands.
  const platform = createPlatform(uniApi, { wechat: simulatedWeChat(), ownKey: (key) => `${key}:${user()}` })
  // Another user's phone has another storage and another launch of the app: nothing of this one may go on.
  window.addEventListener('haomauserchange', () => window.location.reload())
  return platform
}

function simulatedWeChat(): WeChat {
  const lost = (cause: unknown) => {
    throw new LoginError('wechat-login', { cause })
  }
  async function device(): Promise<SimulatorDevice> {
    if (!window.haomaDevice) await loadAgain()
    if (!window.haomaDevice) throw new LoginError(away)
    return window.haomaDevice
  }
  return {
    wechat: 'simulated',
    combinesPrivacy: true,
    ready: async () => (await device()).ready().catch(lost),
    login: async () => (await device()).login().then(({ code, errMsg }) => code || lost(errMsg), lost),
    needsPrivacy: () => Promise.resolve(false),
    requestPhoneNumber: async (component, quotaToast) =>
      (await device()).requestPhoneNumber({ component, noQuotaToast: quotaToast, agreePrivacy: true }),
  }
}

/** The simulator was away when the page was loaded: its script is asked for once more. */
function loadAgain(): Promise<void> {
  const old = findScript()
  if (!old) return Promise.resolve()
  const script = document.createElement('script')
  for (const { name, value } of old.attributes) script.setAttribute(name, value)
  return new Promise((resolve) => {
    script.onload = script.onerror = () => resolve()
    old.replaceWith(script)
  })
}

const away = {
  code: 'WECHAT_UNREACHABLE',
  action: 'retry',
  texts: {
    zh: '微信模拟器没有响应。重新启动它（npm start 或 npx haoma simulate），再点重试。',
    en: 'The simulator does not answer. Start it again (npm start or npx haoma simulate), then try again.',
  },
} as const
