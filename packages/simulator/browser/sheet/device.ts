import { createPhoneFlow, type PhoneRequest } from './phone-flow.ts'
import { createPrivacyFlow, type PrivacyListener } from './privacy-flow.ts'
import { createStage, type Stage, type Theme } from './stage.ts'
import type { Language } from './texts.ts'
import { createWire, type PhoneDetail, type Wire } from './wire.ts'

export interface DeviceSettings {
  appid: string
  user: string
  /** Language of the sheet. Default is the browser's. */
  language: Language
  /** Default is `auto`: the system's. */
  theme: Theme
  /** WeChat's platform as the simulator names it (`ios`, `android`, `devtools`). Default is the simulator's. */
  platform: string | undefined
  /** Version of WeChat's base library. Default is the simulator's. */
  baseLibrary: string | undefined
}

type OptionalSettings = {
  [K in Exclude<keyof DeviceSettings, 'appid' | 'user'>]?: DeviceSettings[K] | undefined
}

export interface DeviceOptions extends OptionalSettings {
  /** Address of the simulator, such as `http://127.0.0.1:4010`. */
  baseUrl: string
  appid: string
  user: string
  /** Element the sheet is drawn in; it must be positioned. Default is the whole page. */
  mount?: HTMLElement
}

/** What the flows need of the device they belong to. */
export interface DeviceContext {
  wire: Wire
  stage: Stage
  settings: DeviceSettings
}

/**
 * A phone with WeChat on it, in a browser: one user of one mini program, the silent login, both
 * phone-number buttons with their consent sheet, and the privacy agreement.
 *
 * What the user chooses never rejects a promise: a refusal resolves with the detail WeChat would give the
 * page. Only `login`, `checkSession` and the privacy calls reject, with a `DeviceError`, when the simulator
 * cannot be reached; the phone sheet says so itself and offers to try again.
 */
export const createDevice = ({ baseUrl, mount, ...options }: DeviceOptions) => {
  const settings: DeviceSettings = {
    appid: options.appid,
    user: options.user,
    language: options.language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
    theme: options.theme ?? 'auto',
    platform: options.platform,
    baseLibrary: options.baseLibrary,
  }
  const stage = createStage(mount)
  const wire = createWire(baseUrl.replace(/\/$/, ''))
  const context: DeviceContext = { wire, stage, settings }
  const privacy = createPrivacyFlow(context)
  const phone = createPhoneFlow(context, privacy.require)
  const party = () => ({ appid: settings.appid, user: settings.user })
  const dress = () => stage.dress(settings.language, settings.theme)
  dress()
  /** Everything that is open goes; whoever waits for it is not answered. */
  const abandon = () => {
    phone.abandon()
    privacy.abandon()
    stage.clear()
  }
  addEventListener('pagehide', abandon)

  return {
    get appid() {
      return settings.appid
    },
    get user() {
      return settings.user
    },

    /** Changes who holds the phone, or how it looks. A sheet that is open belongs to the old user and is left. */
    configure: (changes: Partial<DeviceSettings>) => {
      if (changes.user !== undefined || changes.appid !== undefined) abandon()
      Object.assign(settings, changes)
      dress()
    },

    /** `wx.login`: resolves with a code of 32 characters that lives five minutes. */
    login: () => wire.login(party()),
    checkSession: () => wire.checkSession(party()),
    /** `wx.getUserInfo` and `wx.getUserProfile`, without `errMsg`. */
    userInfo: (call: 'getUserInfo' | 'getUserProfile') => wire.userInfo({ ...party(), call }),

    /** A tap on one of the phone buttons: opens the sheet and resolves with the event's `detail`. */
    requestPhoneNumber: (request: PhoneRequest): Promise<PhoneDetail> => phone.request(request),

    /** The page was left while the sheet was open: closes it. As in WeChat, the callback is lost. */
    abandon,

    getPrivacySetting: async () => {
      const { needAuthorization, privacyContractName } = await wire.privacy({ ...party(), event: 'query' })
      return { needAuthorization, privacyContractName, errMsg: 'getPrivacySetting:ok' }
    },
    /** The page's own privacy popup; `undefined` brings WeChat's back. */
    onNeedPrivacyAuthorization: (listener: PrivacyListener | undefined) => privacy.listen(listener),
    /** Resolves with errno 104 when the user disagrees. */
    requirePrivacyAuthorize: async (): Promise<{ errMsg: string; errno?: number }> =>
      (await privacy.require('requirePrivacyAuthorize'))
        ? { errMsg: 'requirePrivacyAuthorize:ok' }
        : { errMsg: 'requirePrivacyAuthorize:fail privacy permission is not authorized', errno: 104 },
    /** A tap on a button with `open-type="agreePrivacyAuthorization"`. */
    agreePrivacyAuthorization: async () => {
      await wire.privacy({ ...party(), event: 'agree' })
      return { errMsg: 'agreePrivacyAuthorization:ok' }
    },
    openPrivacyContract: async () => {
      await privacy.openContract()
      return { errMsg: 'openPrivacyContract:ok' }
    },

    /** Takes the phone away: abandons what is open and removes everything from the page. */
    dispose: () => {
      abandon()
      removeEventListener('pagehide', abandon)
      stage.remove()
    },
  }
}

export type Device = ReturnType<typeof createDevice>
