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
  method: 'GET' | 'POST' | 'DELETE'
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

/** Everything outside of us: WeChat's client, the network and the storage of one user on one device. */
export interface Platform {
  /**
   * Who shows the consent sheet: WeChat itself (`native`), the simulator's script in a browser (`simulated`),
   * or nobody (`none`: browsers, apps and other mini programs).
   */
  readonly wechat: 'native' | 'simulated' | 'none'
  readonly language: Language
  /** Whether one tap can ask for the number and agree to the privacy guideline (base library 2.33.1). */
  readonly combinesPrivacy: boolean
  /**
   * Runs the silent `wx.login`.
   *
   * @returns the login code: single-use, lives 5 minutes
   * @throws {@link LoginError} `wechat-login`
   */
  login(): Promise<string>
  /** Whether the user still has to agree to the privacy guideline. */
  needsPrivacy(): Promise<boolean>
  /** Opens the consent sheet by call, which only the simulator can: in WeChat it takes a tap on its own button. */
  requestPhoneNumber(component: 'quick' | 'realtime', noQuotaToast: boolean): Promise<PhoneEventDetail>
  /** @throws {@link LoginError} `network` or `timeout`; any HTTP status is an answer */
  request(request: HttpRequest): Promise<HttpAnswer>
  readonly storage: {
    get(key: string): unknown
    set(key: string, value: unknown): void
    remove(key: string): void
  }
}
