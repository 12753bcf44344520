import type {
  MemberView,
  PhoneComponent,
  SessionsResponse,
  SmsSendRequest,
  SmsSendResponse,
} from '@haoma/protocol'
import type { App, Ref } from 'vue'
import type { LoginError } from './login-error.ts'
import type { Exchange, OwnMember } from './own-back-end.ts'
import type { Language, Platform } from './platform/platform.ts'

interface CommonOptions {
  /** AppID of this mini program, as the service knows it. */
  appid: string
  /** Language of the texts. Default is the device's. */
  language?: Language
  /** Longest wait for one answer of the service, in milliseconds. Default is 10000 (10 seconds). */
  timeoutMs?: number
  /** Whether the button's taps and endings are told to the service, without any number. Default is true. */
  telemetry?: boolean
  /** Whether the SMS form is offered where WeChat's button cannot help. Default is true, with `baseUrl`. */
  sms?: boolean
  /** Has the user solve a captcha and gives its token; called when the service asks for one before an SMS. */
  captcha?: () => Promise<string>
  /** What stands between us and WeChat. */
  platform: Platform
}

type BackEndOptions =
  | {
      /** Address of Haoma's login service, e.g. `https://login.example.com`. */
      baseUrl: string
    }
  | {
      /** Your own way from the codes to a member, in place of Haoma's service. */
      exchange: Exchange
    }

/** Options of the login without a framework; `platform` is what `createPlatform` makes. */
export type LoginOptions = CommonOptions & BackEndOptions

/** Options of the login of a uni-app. Default of `platform` is the one the app runs on. */
export type PhoneLoginOptions = Omit<CommonOptions, 'platform'> & {
  platform?: Platform | undefined
} & BackEndOptions

/**
 * Where the login stands:
 * `starting` silent login under way · `ready` number unknown: show the button ·
 * `asking` the consent sheet is open · `exchanging` the code is being turned into the number ·
 * `bound` number known: show no button · `failed` see `error` ·
 * `signed-out` by the user's own wish · `outside-wechat` nobody here can ask for the number.
 */
export type LoginStatus =
  | 'starting'
  | 'ready'
  | 'asking'
  | 'exchanging'
  | 'bound'
  | 'failed'
  | 'signed-out'
  | 'outside-wechat'

/** Who is signed in; with a back end of your own, `data` is what it answered. */
export type Member = MemberView & Partial<Pick<OwnMember, 'data'>>

/** What a tap on the phone button came to. `ignored`: there was nothing to do, or another one is under way. */
export type LoginOutcome =
  | { result: 'bound'; member: Member }
  | { result: 'denied' | 'failed'; error: LoginError }
  | { result: 'ignored' }

/** Is told what a tap came to, while the button that was tapped is still on the page. */
export type Report = (outcome: LoginOutcome) => void

/**
 * When the user agrees to the privacy guideline: `with-tap` on the phone button itself, `before-tap` on a button
 * of its own, `none` not asked for.
 */
export type PrivacyStep = 'with-tap' | 'before-tap' | 'none'

/** A device on which the member is signed in. */
export type Device = SessionsResponse['sessions'][number]

export interface RequestOptions {
  url: string
  /** Default is `GET`. */
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  data?: object
  header?: Record<string, string>
  /** In milliseconds. Default is that of the login. */
  timeoutMs?: number
}

/** What a page sees of the login, at one moment. */
export interface LoginState {
  status: LoginStatus
  /** Who is signed in, as soon as it is known. */
  member: Member | undefined
  /** Whether this launch made the member: a first visit is greeted as one. */
  isNew: boolean
  /** Why the last attempt came to nothing. In `ready` and `bound` too, e.g. after a refusal. */
  error: LoginError | undefined
  /** The text of `error` in the current language. */
  message: string | undefined
  /** Language of all texts. */
  language: Language
  /** `starting`, `asking` or `exchanging`: nothing may be tapped. */
  isBusy: boolean
  /** Whether `retry()` is what helps: nothing is lost, and another tap would be paid for a second time. */
  canRetry: boolean
  /** Component of the last tap. */
  lastTapped: PhoneComponent | undefined
  privacyStep: PrivacyStep
  /** Which paid buttons the service lets us show. */
  components: Record<PhoneComponent, boolean>
  /** Which buttons this WeChat answers to with a code: below its base library a consent would be paid for nothing. */
  canAsk: Record<PhoneComponent, boolean>
  /** Who shows the consent sheet. */
  asksBy: Platform['wechat']
  /** Name of the platform, e.g. `mp-weixin`, `h5`, `mp-alipay`. */
  platform: string
  /** Whether the SMS form can be offered. */
  hasSms: boolean
}

/**
 * What can be done. What asks for data (`accessToken`, `request`, `merge`, `unbind`, `devices`, `endDevice`,
 * `sendSms`, `signInBySms`) throws {@link LoginError}; nothing else throws.
 */
export interface LoginActions {
  /** Shows who was signed in last and asks the service whether that holds; else logs in silently. */
  start(): Promise<void>
  /** Notes that a button came into sight, for the funnel. */
  shown(component: PhoneComponent): void
  /** Notes a tap on the phone button. Returns false when another is under way or `retry()` is due. */
  tap(component: PhoneComponent): boolean
  /** Takes the phone button's event, its detail, or whatever a wrapper component made of it. */
  answer(event: unknown, component: PhoneComponent, report?: Report): Promise<LoginOutcome>
  /** `tap` and `answer` by call, where the simulator's script plays WeChat. */
  ask(component: PhoneComponent, options?: { quotaToast?: boolean; report?: Report }): Promise<LoginOutcome>
  /**
   * After a failure: sends the same phone code again while it lives, and tells the report of its tap; else starts
   * again.
   */
  retry(): Promise<LoginOutcome>
  /** Puts the error away and goes back to where the member stands. A paid code that waits stays. */
  dismiss(): void
  /** To be called when the user has agreed to the privacy guideline on a button of its own. */
  agreePrivacy(): void
  /**
   * Ends the session here and at the service. Later visits do not sign in by themselves until `signIn()`.
   * Does nothing while a paid code is being exchanged.
   */
  signOut(): Promise<void>
  signIn(): Promise<void>
  /** A live access token for your own back end, renewed when needed; `undefined` when nobody is signed in. */
  accessToken(): Promise<string | undefined>
  /** A request to your own back end with the session; renewed once when the answer is 401. */
  request(options: RequestOptions): Promise<{ status: number; data: unknown }>
  /** Joins the two accounts after `resolve-conflict`; `error` says when the number has to be proven first. */
  merge(): Promise<void>
  /** Takes the number away from the member. */
  unbind(): Promise<void>
  /** Where the member is signed in. */
  devices(): Promise<Device[]>
  /** Ends the session of another device. */
  endDevice(id: string): Promise<void>
  /** Sends an SMS code, the way in where there is no WeChat button. */
  sendSms(
    to: Pick<SmsSendRequest, 'phoneNumber' | 'countryCallingCode' | 'captcha'>,
  ): Promise<SmsSendResponse>
  signInBySms(by: { requestId: string; code: string }, report?: Report): Promise<void>
}

/** The login of an app without a framework. */
export interface Login extends LoginActions {
  read(): LoginState
  /** Calls `listener` after each change, until what it returns is called. */
  subscribe(listener: () => void): () => void
  setLanguage(language: Language): void
  /** What the platform knows of the privacy guideline, where it has one. */
  readonly privacy: Platform['privacy']
}

/** The login of a uni-app: every field of its state as a ref, shared by every page, and what can be done. */
export interface PhoneLogin
  extends Login,
    Readonly<{ [Name in keyof Omit<LoginState, 'language'>]: Readonly<Ref<LoginState[Name]>> }> {
  /** Everything at once. */
  readonly state: Readonly<Ref<LoginState>>
  /** Language of all texts; may be set. */
  readonly language: Ref<Language>
  /** For `app.use(login)`. */
  install(app: App): void
}
