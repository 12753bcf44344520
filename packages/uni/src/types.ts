import type { MemberView, PhoneComponent } from '@haoma/protocol'
import type { App, Ref } from 'vue'
import type { LoginError } from './login-error.ts'
import type { Language, PhoneEventDetail, Platform } from './platform/platform.ts'

export interface PhoneLoginOptions {
  /** Address of the login service, e.g. `https://login.example.com`. */
  baseUrl: string
  /** AppID of this mini program, as the service knows it. */
  appid: string
  /** Language of the texts. Default is the device's. */
  language?: Language
  /** Longest wait for one answer of the service, in milliseconds. Default is 10000 (10 seconds). */
  timeoutMs?: number
  /** What stands between us and WeChat. Default is the platform the app runs on. */
  platform?: Platform
}

/**
 * Where the login stands:
 * `starting` silent login under way · `ready` signed in, number unknown: show the button ·
 * `asking` the consent sheet is open · `exchanging` the service turns the code into the number ·
 * `bound` signed in, number known: show no button · `failed` see `error` ·
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

/** What a tap on the phone button came to. `ignored`: there was nothing to do, or another one is under way. */
export type LoginOutcome =
  | { result: 'bound'; member: MemberView }
  | { result: 'denied' | 'failed'; error: LoginError }
  | { result: 'ignored' }

/** Is told what a tap came to, while the button that was tapped is still on the page. */
export type Report = (outcome: LoginOutcome) => void

/**
 * When the user agrees to the privacy guideline: `with-tap` on the phone button itself, `before-tap` on a button
 * of its own, `none` not asked for.
 */
export type PrivacyStep = 'with-tap' | 'before-tap' | 'none'

/** The login of an app: its state, shared by every page, and what can be done. No call but `accessToken` throws. */
export interface PhoneLogin {
  readonly status: Readonly<Ref<LoginStatus>>
  /** Who is signed in, as soon as it is known. */
  readonly member: Readonly<Ref<MemberView | undefined>>
  /** Why the last attempt came to nothing. In `ready` and `bound` too, e.g. after a refusal. */
  readonly error: Readonly<Ref<LoginError | undefined>>
  /** The text of `error` in the current language. */
  readonly message: Readonly<Ref<string | undefined>>
  /** Language of all texts; may be set. */
  readonly language: Ref<Language>
  /** `starting`, `asking` or `exchanging`: nothing may be tapped. */
  readonly isBusy: Readonly<Ref<boolean>>
  /** Whether `retry()` is what helps: nothing is lost, and another tap would be paid for a second time. */
  readonly canRetry: Readonly<Ref<boolean>>
  /** Component of the last tap. */
  readonly lastTapped: Readonly<Ref<PhoneComponent | undefined>>
  readonly privacyStep: Readonly<Ref<PrivacyStep>>

  /** Shows who was signed in last and asks the service whether that holds; else logs in silently. */
  start(): Promise<void>
  /** Notes a tap on the phone button. Returns false when another is under way or `retry()` is due. */
  tap(component: PhoneComponent): boolean
  /** Takes the phone button's event, refused or not. */
  answer(detail: PhoneEventDetail, component: PhoneComponent, report?: Report): Promise<LoginOutcome>
  /** `tap` and `answer` by call, where the simulator's script plays WeChat. */
  ask(component: PhoneComponent, options?: { quotaToast?: boolean; report?: Report }): Promise<LoginOutcome>
  /**
   * After a failure: sends the same phone code again while it lives, and tells the report of its tap; else starts
   * again.
   */
  retry(): Promise<LoginOutcome>
  /** Puts the error away and goes back to where the member stands. */
  dismiss(): void
  /** To be called when the user has agreed to the privacy guideline on a button of its own. */
  agreePrivacy(): void
  /**
   * Ends the session here and at the service. Later visits do not sign in by themselves until `signIn()`.
   * Does nothing while something is under way.
   */
  signOut(): Promise<void>
  signIn(): Promise<void>
  /**
   * A live access token for your own back end, renewed when needed; `undefined` when nobody is signed in.
   *
   * @throws {@link LoginError} when it cannot be renewed
   */
  accessToken(): Promise<string | undefined>

  /** For `app.use(login)`. */
  install(app: App): void
}
