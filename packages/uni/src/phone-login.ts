import { limits, type MemberView, type PhoneComponent } from '@haoma/protocol'
import { type App, computed, ref, shallowRef } from 'vue'
import type { LocalReason } from './local-reasons.ts'
import { LoginError, toLoginError } from './login-error.ts'
import { readPhoneEvent } from './phone-event.ts'
import type { Language, PhoneEventDetail, Platform } from './platform/platform.ts'
import { createUniPlatform } from './platform/uni-platform.ts'
import { withResend } from './resend.ts'
import { createService } from './service.ts'
import { createSessionKeeper } from './session.ts'
import { phoneLoginKey } from './use-phone-login.ts'

export interface PhoneLoginOptions {
  /** Address of the login service, e.g. `https://login.example.com`. */
  baseUrl: string
  /** AppID of this mini program, as the service knows it. */
  appid: string
  /** Language of the texts. Default is the device's. */
  language?: Language
  /** Longest wait for one answer of the service, in milliseconds. Default is 10000. */
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

/** What a tap on the phone button came to. `ignored`: another one was still under way. */
export type LoginOutcome =
  | { result: 'bound'; member: MemberView }
  | { result: 'denied' | 'failed'; error: LoginError }
  | { result: 'ignored' }

/** A phone code that is paid for and not yet turned into a number. */
interface PaidCode {
  phoneCode: string
  component: PhoneComponent
  diesAtMs: number
}

/** The one login of an app; see {@link createPhoneLogin}. */
export type PhoneLogin = ReturnType<typeof createPhoneLogin>

const codeLifeMs = limits.codeLifeS * 1000

/**
 * How long a tap without an event keeps the button disabled, in milliseconds. The open sheet covers the page;
 * this is for the event that never comes, because the user left the page meanwhile.
 */
const askingMs = 30_000

const busy: LoginStatus[] = ['starting', 'asking', 'exchanging']

/**
 * Makes the phone-number login of an app. Install it with `app.use(login)`: the silent login starts at once,
 * and every page shares its state through `usePhoneLogin()`.
 *
 * @example
 * app.use(createPhoneLogin({ baseUrl: 'https://login.example.com', appid: 'wx…' }))
 */
export function createPhoneLogin(options: PhoneLoginOptions) {
  const { appid, baseUrl, timeoutMs = 10_000, platform = createUniPlatform() } = options
  const service = createService({ platform, baseUrl, timeoutMs })
  const session = createSessionKeeper(platform, service, `haoma:${appid}`)
  const signedOutKey = `haoma:${appid}:signed-out`

  const status = ref<LoginStatus>('starting')
  const member = shallowRef<MemberView>()
  const error = shallowRef<LoginError>()
  const language = ref<Language>(options.language ?? platform.language)
  const lastTapped = ref<PhoneComponent>()
  const mustAgreePrivacy = ref(false)

  let starting: Promise<void> | undefined
  let tappedAtMs: number | undefined
  let paidCode: PaidCode | undefined
  let release: ReturnType<typeof setTimeout> | undefined

  const isBusy = computed(() => busy.includes(status.value))
  /** Whether `retry()` is what helps: nothing is lost, and a further tap would be paid for a second time. */
  const canRetry = computed(() => status.value === 'failed' && (!member.value || isResendable(error.value)))

  function settle() {
    status.value = member.value?.phone.bound ? 'bound' : 'ready'
  }

  function show(known: MemberView) {
    member.value = known
    if (status.value !== 'asking' && status.value !== 'exchanging') settle()
  }

  function fail(cause: unknown): LoginError {
    const failure = toLoginError(cause)
    error.value = failure
    if (failure.action === 'tap-again' && member.value) settle()
    else status.value = 'failed'
    return failure
  }

  /** Shows who was signed in last and asks the service whether that still holds; else logs in silently. */
  function start(): Promise<void> {
    starting ??= signInOrResume().finally(() => {
      starting = undefined
    })
    return starting
  }

  async function signInOrResume() {
    error.value = undefined
    if (platform.wechat === 'none') {
      error.value = new LoginError('outside-wechat')
      status.value = 'outside-wechat'
      return
    }
    if (platform.storage.get(signedOutKey)) {
      status.value = 'signed-out'
      return
    }
    const stored = session.read()
    try {
      if (stored) show(stored.member)
      else status.value = 'starting'
      if (!(stored && (await isConfirmed()))) show(await signInSilently())
    } catch (cause) {
      fail(cause)
    }
    mustAgreePrivacy.value = await platform.needsPrivacy()
  }

  /** Whether the stored session still holds. A network failure changes nothing of what is known. */
  async function isConfirmed(): Promise<boolean> {
    try {
      const accessToken = await session.accessToken()
      if (accessToken === undefined) return false
      const answer = await service.me(accessToken)
      session.saveMember(answer.member)
      show(answer.member)
      return true
    } catch (cause) {
      if (toLoginError(cause).action !== 'login-again') return true
      session.clear()
      return false
    }
  }

  /** Logs in with `wx.login`, carrying a phone code along when one is waiting. */
  async function signInSilently(paid?: PaidCode): Promise<MemberView> {
    const untilMs = paid?.diesAtMs ?? Date.now() + codeLifeMs
    const signIn = async () => {
      const loginCode = await withResend(platform.login, untilMs)
      const { phoneCode, component } = paid ?? {}
      const body = { appid, loginCode, ...(phoneCode && { phoneCode, component }) }
      return withResend(() => service.login(body), untilMs)
    }
    const answer = await signIn().catch((cause) => {
      // The login code was the trouble: one more, and no further.
      if (toLoginError(cause).action !== 'login-again') throw cause
      return signIn()
    })
    session.save(answer)
    return answer.member
  }

  /** Notes a tap on the phone button. Returns false when one is under way, or another tap would cost twice. */
  function tap(component: PhoneComponent): boolean {
    if (isBusy.value || canRetry.value || !member.value) return false
    lastTapped.value = component
    tappedAtMs = Date.now()
    error.value = undefined
    status.value = 'asking'
    clearTimeout(release)
    release = setTimeout(() => status.value === 'asking' && settle(), askingMs)
    return true
  }

  /** Takes the event of the phone button: to be called with its `detail`, refused or not. */
  async function answer(detail: PhoneEventDetail, component: PhoneComponent): Promise<LoginOutcome> {
    if (status.value === 'exchanging') return { result: 'ignored' }
    clearTimeout(release)
    // WeChat counts from the tap, not from the consent. Without a tap we know only the consent.
    const diesAtMs = (tappedAtMs ?? Date.now()) + codeLifeMs
    tappedAtMs = undefined
    lastTapped.value = component
    const event = readPhoneEvent(detail)
    if ('reason' in event) return refuse(event.reason)
    return exchange({ phoneCode: event.phoneCode, component, diesAtMs })
  }

  function refuse(reason: LocalReason): LoginOutcome {
    if (reason === 'privacy') mustAgreePrivacy.value = true
    return { result: reason === 'denied' ? 'denied' : 'failed', error: fail(new LoginError(reason)) }
  }

  async function exchange(paid: PaidCode): Promise<LoginOutcome> {
    paidCode = undefined
    if (Date.now() >= paid.diesAtMs) return refuse('late')
    status.value = 'exchanging'
    error.value = undefined
    try {
      await starting
      const known = await bind(paid)
      member.value = known
      error.value = undefined
      settle()
      return { result: 'bound', member: known }
    } catch (cause) {
      const failure = fail(cause)
      if (isResendable(failure)) paidCode = paid
      return { result: 'failed', error: failure }
    }
  }

  async function bind(paid: PaidCode): Promise<MemberView> {
    const { phoneCode, component, diesAtMs } = paid
    try {
      const accessToken = await withResend(session.accessToken, diesAtMs)
      if (accessToken !== undefined) {
        const bound = await withResend(() => service.phone({ phoneCode, component }, accessToken), diesAtMs)
        session.saveMember(bound.member)
        return bound.member
      }
    } catch (cause) {
      if (toLoginError(cause).action !== 'login-again') throw cause
      session.clear()
    }
    return signInSilently(paid)
  }

  return {
    status,
    /** The member, as soon as the service has told who that is. */
    member,
    /** Why the last attempt came to nothing. Also set in `ready` and `bound`, e.g. after a refusal. */
    error,
    /** The text of `error` in the current language. */
    message: computed(() => error.value?.texts[language.value]),
    /** Language of all texts; may be set. */
    language,
    isBusy,
    canRetry,
    /** Component of the last tap. */
    lastTapped,
    /** Whether the privacy guideline takes a tap of its own before the phone button. */
    mustAgreePrivacy,
    /** Open type suffix and the like depend on it. */
    platform,

    start,
    tap,
    answer,

    /** Opens the consent sheet by call: only with the simulator's script in a browser. */
    async ask(component: PhoneComponent, noQuotaToast = true): Promise<LoginOutcome> {
      if (!tap(component)) return { result: 'ignored' }
      const detail = await platform
        .requestPhoneNumber(component, noQuotaToast)
        .catch((cause: unknown) => ({ errMsg: String(cause) }))
      return answer(detail, component)
    },

    /** After a failure: sends the same phone code again while it lives, else starts again. */
    async retry(): Promise<LoginOutcome> {
      if (isBusy.value) return { result: 'ignored' }
      if (paidCode) return exchange(paidCode)
      await start()
      return { result: 'ignored' }
    },

    /** Puts the error away and goes back to where the member stands. */
    dismiss() {
      error.value = undefined
      if (status.value === 'failed' && member.value) settle()
    },

    /** To be called when the user has agreed to the privacy guideline. */
    privacyAgreed() {
      mustAgreePrivacy.value = false
      error.value = undefined
    },

    /** Signs in again after `signOut()`. */
    signIn(): Promise<void> {
      platform.storage.remove(signedOutKey)
      return start()
    },

    /** Ends the session here and at the service. Later visits do not sign in by themselves until `signIn()`. */
    async signOut(): Promise<void> {
      platform.storage.set(signedOutKey, true)
      paidCode = undefined
      member.value = undefined
      error.value = undefined
      status.value = 'signed-out'
      const accessToken = await session.accessToken().catch(() => undefined)
      session.clear()
      // The device has forgotten it already; what the service does not hear of runs out there.
      if (accessToken) await service.endSession(accessToken).catch(() => undefined)
    },

    /**
     * A live access token for your own back end, renewed when needed; `undefined` when nobody is signed in.
     *
     * @throws {@link LoginError} when it cannot be renewed
     */
    async accessToken(): Promise<string | undefined> {
      await starting
      try {
        return await session.accessToken()
      } catch (cause) {
        if (toLoginError(cause).action !== 'login-again') throw cause
        await start()
        return session.accessToken()
      }
    },

    install(app: App) {
      app.provide(phoneLoginKey, this)
      void start()
    },
  }
}

/** Whether sending the same phone code again can help. */
function isResendable(error: LoginError | undefined): boolean {
  return error?.action === 'retry' || error?.action === 'login-again'
}
