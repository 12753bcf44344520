import type { PhoneComponent } from '@haoma/protocol'

/** The two languages every text is written in. */
export type Language = 'zh' | 'en'

/**
 * `e.detail` of WeChat's phone buttons.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
export interface PhoneEventDetail {
  /** The phone code. Present and not empty exactly when the user agreed. */
  code?: string
  errMsg?: string
  errno?: number
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: object
  timeoutMs: number
}

export interface HttpAnswer {
  status: number
  /** Parsed JSON, or the text when it is not JSON. */
  body: unknown
}

/** The part of WeChat's client that a login needs. */
export interface WeChat {
  /**
   * Who shows the consent sheet: WeChat itself (`native`), the simulator's script in a browser (`simulated`),
   * or nobody (`none`: browsers, apps and other mini programs).
   */
  readonly wechat: 'native' | 'simulated' | 'none'
  /**
   * Which of the two buttons answer with a code: `quick` from base library 2.21.2, `realtime` from 2.24.4. Default is
   * both.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
   */
  readonly canAsk?: Record<PhoneComponent, boolean>
  /** Whether one tap can ask for the number and agree to the privacy guideline (base library 2.33.1). */
  readonly combinesPrivacy: boolean
  /**
   * Resolves when `login` and the storage are of the right user.
   *
   * @throws {@link LoginError} `wechat-login`
   */
  ready(): Promise<void>
  /**
   * Runs the silent `wx.login`.
   *
   * @returns the login code: single-use, lives 5 minutes
   * @throws {@link LoginError} `wechat-login`
   */
  login(): Promise<string>
  /** Whether the user has to agree to the privacy guideline before the phone button can be tapped. */
  needsPrivacy(): Promise<boolean>
  /** Opens the consent sheet by call, which only the simulator can: in WeChat it takes a tap on its own button. */
  requestPhoneNumber(component: PhoneComponent, quotaToast: boolean): Promise<PhoneEventDetail>
}

/** How the user answered the privacy popup, in WeChat's words. */
export type PrivacyAnswer =
  | { event: 'exposureAuthorization' | 'disagree' }
  | { event: 'agree'; buttonId: string }

/**
 * The privacy guideline of the mini program, which WeChat keeps (base library 2.32.3).
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */
export interface PrivacyGuideline {
  /** Its name, e.g. 《号码小程序隐私保护指引》; empty when it is not known. */
  name(): Promise<string>
  /** Shows it. */
  open(): void
  /** Calls `ask` when something needs the user's agreement first; `resolve` takes the answers. */
  onNeeded(ask: (resolve: (answer: PrivacyAnswer) => void) => void): void
}

/** Everything outside of us: WeChat's client, the network, and the storage of one user on one device. */
export interface Platform extends WeChat {
  /** uni-app's name of it, e.g. `mp-weixin`, `h5`, `mp-alipay`. */
  readonly name?: string
  readonly language: Language
  readonly privacy?: PrivacyGuideline | undefined
  /** For the list of devices. */
  readonly device?: { platform?: string; deviceName?: string }
  /** When the app goes into the background. */
  onHide?(listener: () => void): void
  /** @throws {@link LoginError} `network` or `timeout`; any HTTP status is an answer */
  request(request: HttpRequest): Promise<HttpAnswer>
  readonly storage: {
    get(key: string): unknown
    set(key: string, value: unknown): void
    remove(key: string): void
  }
}
