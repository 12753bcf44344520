import type { MemberView, PhoneComponent } from '@haoma/protocol'
import { computed, ref, shallowRef } from 'vue'
import type { LocalReason } from './local-reasons.ts'
import { LoginError, toLoginError } from './login-error.ts'
import { readPhoneEvent } from './phone-event.ts'
import type { Language } from './platform/platform.ts'
import { createUniPlatform } from './platform/uni-platform.ts'
import { createService } from './service.ts'
import { createSessionKeeper } from './session.ts'
import { codeLifeMs, createSignIn, isSignedOut, type PaidCode } from './sign-in.ts'
import type {
  LoginOutcome,
  LoginStatus,
  PhoneLogin,
  PhoneLoginOptions,
  PrivacyStep,
  Report,
} from './types.ts'
import { phoneLoginKey } from './use-phone-login.ts'

/**
 * How long a tap without an event keeps the button disabled, in milliseconds. The open sheet covers the page
 * anyway; this ends the wait for an event that WeChat lost, because the user left the page meanwhile.
 */
const askingMs = 30_000

interface PaidTap extends PaidCode {
  report: Report | undefined
}

const ignored: LoginOutcome = { result: 'ignored' }

const busyStatuses: LoginStatus[] = ['starting', 'asking', 'exchanging']

/**
 * Makes the phone-number login of an app. `app.use(login)` starts the silent login at once and shares the state
 * with every page, which takes it by `usePhoneLogin()`.
 *
 * @example
 * app.use(createPhoneLogin({ baseUrl: 'https://login.example.com', appid: 'wx…' }))
 */
export function createPhoneLogin(options: PhoneLoginOptions): PhoneLogin {
  const { appid, baseUrl, timeoutMs = 10_000, platform = createUniPlatform() } = options
  const service = createService({ platform, baseUrl, timeoutMs })
  const session = createSessionKeeper(platform, service, `haoma:${appid}`)
  const signedOutKey = `haoma:${appid}:signed-out`
  const signIn = createSignIn({ appid, platform, service, session })

  const status = ref<LoginStatus>('starting')
  const member = shallowRef<MemberView>()
  const error = shallowRef<LoginError>()
  const language = ref<Language>(options.language ?? platform.language)
  const lastTapped = ref<PhoneComponent>()
  const agreed: PrivacyStep = platform.combinesPrivacy ? 'with-tap' : 'none'
  const privacyStep = ref<PrivacyStep>(agreed)
  const isBusy = computed(() => busyStatuses.includes(status.value))
  const canRetry = computed(
    () => status.value === 'failed' && (!member.value || (!!error.value && canResend(error.value))),
  )

  let starting: Promise<void> | undefined
  let tappedAtMs: number | undefined
  let paidTap: PaidTap | undefined
  let release: ReturnType<typeof setTimeout> | undefined

  function settle() {
    status.value = member.value?.phone.bound ? 'bound' : 'ready'
  }

  /** Shows a member without taking the page from under an open sheet or a running exchange. */
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

  function start(): Promise<void> {
    starting ??= signInOrResume()
      .catch((cause) => {
        // Whose session has ended, and could not be opened again, is nobody here.
        member.value = session.read()?.member
        fail(cause)
      })
      .then(() => {
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
    await platform.ready()
    if (platform.storage.get(signedOutKey)) {
      status.value = 'signed-out'
      return
    }
    if (await platform.needsPrivacy()) privacyStep.value = 'before-tap'
    const stored = session.read()
    if (stored) show(stored.member)
    else status.value = 'starting'
    const known = (stored && (await signIn.resumed(stored.member))) ?? (await signIn.silently())
    if (status.value !== 'signed-out') show(known)
  }

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

  async function answer(...[detail, component, report]: Parameters<PhoneLogin['answer']>) {
    if (status.value === 'exchanging') return ignored
    clearTimeout(release)
    // WeChat counts from the tap, not from the consent. Without a tap we know only the consent.
    const diesAtMs = (tappedAtMs ?? Date.now()) + codeLifeMs
    tappedAtMs = undefined
    lastTapped.value = component
    const event = readPhoneEvent(detail)
    return 'reason' in event
      ? refuse(event.reason, report)
      : exchange({ phoneCode: event.phoneCode, component, diesAtMs, report })
  }

  function refuse(reason: LocalReason, report: Report | undefined): LoginOutcome {
    if (reason === 'privacy') privacyStep.value = 'before-tap'
    const failure = fail(new LoginError(reason))
    return told({ result: reason === 'denied' ? 'denied' : 'failed', error: failure }, report)
  }

  async function exchange(paid: PaidTap): Promise<LoginOutcome> {
    paidTap = undefined
    if (Date.now() >= paid.diesAtMs) return refuse('late', paid.report)
    status.value = 'exchanging'
    error.value = undefined
    try {
      await starting
      const bound = await signIn.withPhone(paid)
      member.value = bound
      error.value = undefined
      settle()
      return told({ result: 'bound', member: bound }, paid.report)
    } catch (cause) {
      const failure = fail(cause)
      if (canResend(failure)) paidTap = paid
      return told({ result: 'failed', error: failure }, paid.report)
    }
  }

  const login: PhoneLogin = {
    status,
    member,
    error,
    message: computed(() => error.value?.texts[language.value]),
    language,
    isBusy,
    canRetry,
    lastTapped,
    privacyStep,

    start,
    tap,
    answer,

    async ask(component, { quotaToast = false, report } = {}) {
      if (!tap(component)) return ignored
      const detail = await platform
        .requestPhoneNumber(component, quotaToast)
        .catch((cause: unknown) => ({ errMsg: String(cause) }))
      return answer(detail, component, report)
    },

    async retry() {
      if (isBusy.value) return ignored
      if (paidTap) return exchange(paidTap)
      await start()
      return ignored
    },

    dismiss() {
      error.value = undefined
      if (status.value === 'failed' && member.value) settle()
    },

    agreePrivacy() {
      privacyStep.value = agreed
      error.value = undefined
    },

    async signOut() {
      if (isBusy.value) return
      platform.storage.set(signedOutKey, true)
      paidTap = undefined
      member.value = undefined
      error.value = undefined
      lastTapped.value = undefined
      status.value = 'signed-out'
      await starting
      const accessToken = await session.accessToken().catch(() => undefined)
      session.clear()
      // This device has forgotten it already; a session the service does not hear of runs out there.
      if (accessToken) await service.endSession(accessToken).catch(() => undefined)
    },

    signIn() {
      platform.storage.remove(signedOutKey)
      return start()
    },

    async accessToken() {
      await starting
      try {
        return await session.accessToken()
      } catch (cause) {
        if (!isSignedOut(cause)) throw cause
        await start()
        return session.accessToken()
      }
    },

    install(app) {
      app.provide(phoneLoginKey, login)
      void start()
    },
  }
  return login
}

/** In the same breath as the state changes: a page that makes way for the member takes the button away next. */
function told(outcome: LoginOutcome, report: Report | undefined): LoginOutcome {
  report?.(outcome)
  return outcome
}

/** Whether sending the same phone code again can help: it is not spent, or the answer to it is kept. */
function canResend({ action }: LoginError): boolean {
  return action === 'retry' || action === 'login-again'
}
