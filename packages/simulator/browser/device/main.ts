import {
  createDevice,
  type Device,
  type Language,
  type PhoneRequest,
  type PrivacyListener,
  type Theme,
} from '../sheet/index.ts'
import { showBadge } from './badge.ts'
import { bindOpenTypes } from './open-type.ts'
import { findParty, listUsers, rememberUser } from './party.ts'
import { installWx } from './wx.ts'

// The script tag that loads this file; its `data-` attributes are the settings.
const script = document.currentScript as HTMLScriptElement
const baseUrl = new URL(script.src).origin
const { language, theme, badge, platform, baseLibrary } = script.dataset as {
  language?: Language
  theme?: Theme
  badge?: 'off'
  platform?: string
  baseLibrary?: string
}

let started: Device | undefined
let starting: Promise<Device> | undefined

/** The device, started on first use; a start that failed is tried again by the next call. */
const device = (): Promise<Device> => {
  starting ??= findParty(baseUrl, script.dataset).then(
    (party) => {
      started = createDevice({
        baseUrl,
        ...party,
        language,
        theme,
        platform,
        baseLibrary,
      })
      return started
    },
    (error: unknown) => {
      starting = undefined
      throw error
    },
  )
  return starting
}

/** A page's own handle to the simulated phone, `window.haomaDevice`. */
const haomaDevice = {
  /** Empty until `ready()`. */
  get appid() {
    return started?.appid ?? ''
  },
  get user() {
    return started?.user ?? ''
  },
  /** Resolves when it is known which app and user this page has. */
  ready: async () => void (await device()),
  /** Everyone in the simulator, with their numbers as a sheet shows them. */
  users: async () => listUsers(baseUrl, (await device()).appid),
  /** Hands the phone to another user, remembered for the next visit, and says so with `haomauserchange`. */
  switchUser: async (user: string) => {
    const { appid, configure } = await device()
    configure({ user })
    rememberUser(user)
    window.dispatchEvent(new CustomEvent('haomauserchange', { detail: { appid, user } }))
  },
  login: async () => (await device()).login(),
  checkSession: async () => (await device()).checkSession(),
  requestPhoneNumber: async (request: PhoneRequest) => (await device()).requestPhoneNumber(request),
  getPrivacySetting: async () => (await device()).getPrivacySetting(),
  requirePrivacyAuthorize: async () => (await device()).requirePrivacyAuthorize(),
  onNeedPrivacyAuthorization: async (listener?: PrivacyListener) =>
    (await device()).onNeedPrivacyAuthorization(listener),
  agreePrivacyAuthorization: async () => (await device()).agreePrivacyAuthorization(),
  openPrivacyContract: async () => (await device()).openPrivacyContract(),
}

export type HaomaDevice = typeof haomaDevice

declare global {
  interface Window {
    haomaDevice: HaomaDevice
    wx?: Record<string, unknown>
  }
}

window.haomaDevice = haomaDevice
installWx(device)
bindOpenTypes(device)
if (badge !== 'off') void showBadge({ baseUrl, device, haomaDevice, language })
