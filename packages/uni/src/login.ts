import type { ClientFacts, LoginResponse } from '@haoma/protocol'
import type { BackEnd } from './back-end.ts'
import { createCache } from './cache.ts'
import { createHaomaBackEnd, isSignedOut } from './haoma-back-end.ts'
import { createHeldCodes } from './held-codes.ts'
import { LoginError, toLoginError } from './login-error.ts'
import { canResend, canTap, type Event, type HeldCode, initialState, reduce, type State } from './machine.ts'
import { createOwnBackEnd } from './own-back-end.ts'
import { readPhoneEvent } from './phone-event.ts'
import type { Language } from './platform/platform.ts'
import { createRequest } from './request.ts'
import { createService } from './service.ts'
import { createSessionKeeper } from './session.ts'
import { createTelemetry, randomId } from './telemetry.ts'
import type { Login, LoginOptions, LoginOutcome, LoginState, PrivacyStep, Report } from './types.ts'
import { viewOf } from './view.ts'

/**
 * How long a tap without an event keeps the button disabled, in milliseconds. The open sheet covers the page
 * anyway; this ends the wait for an event that WeChat lost, because the user left the page meanwhile.
 */
const askingMs = 30_000

/** Pauses before a held code is sent again by itself, in milliseconds; the last one stays. */
const resendMs = [5000, 10_000, 20_000, 40_000]

const ignored: LoginOutcome = { result: 'ignored' }

/**
 * The login of an app without any framework: its state is read, and whoever subscribed is told when it changes. uni-app
 * takes it by `createPhoneLogin`, native mini programs and Taro as it is.
 */
export function createLogin(options: LoginOptions): Login {
  const { appid, platform, timeoutMs = 10_000 } = options
  const cache = createCache(platform.storage)
  const key = `haoma:${appid}`
  const signedOutKey = `${key}:signed-out`
  const heldCodes = createHeldCodes(cache, `${key}:held`)
  const client = clientFacts()
  const service =
    'baseUrl' in options ? createService({ platform, baseUrl: options.baseUrl, timeoutMs }) : undefined
  const session = createSessionKeeper(cache, (token) => needed(service).refresh(token), key)
  const haoma = service && createHaomaBackEnd({ appid, client, platform, service, session })
  const backEnd: BackEnd =
    'exchange' in options
      ? createOwnBackEnd({ platform, session, exchange: options.exchange })
      : needed(haoma)
  const telemetry =
    service && options.telemetry !== false
      ? createTelemetry({ appid, client, send: service.events })
      : undefined

  const agreed: PrivacyStep = platform.combinesPrivacy ? 'with-tap' : 'none'
  const canAsk = platform.canAsk ?? { quick: true, realtime: true }
  const listeners = new Set<() => void>()
  let state: State = initialState(agreed)
  let language: Language = options.language ?? platform.language

  /** Who waits for the end of which code. */
  const reports = new Map<string, Report>()
  let line: Promise<unknown> = Promise.resolve()
  let starting: Promise<void> | undefined
  let exchanging: Promise<LoginOutcome> = Promise.resolve(ignored)
  let timer: ReturnType<typeof setTimeout> | undefined
  let resends = 0
  let hasRestored = false

  /** One at a time: what changes who is here never runs beside another such thing. */
  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = line.then(task)
    line = done.catch(() => undefined)
    return done
  }

  function dispatch(event: Event): boolean {
    const before = state
    const after = reduce(before, event)
    if (after === before) return false
    state = after
    if (after.tap.codes !== before.tap.codes) heldCodes.write(after.tap.codes)
    if (after.tap !== before.tap) follow(before, after)
    tell()
    return true
  }

  const tell = () => {
    for (const listener of listeners) listener()
  }

  function read(): LoginState {
    const { status, error, isBusy, canRetry } = viewOf(state)
    return {
      status,
      member: state.session.member,
      isNew: state.isNew,
      error,
      message: error?.texts[language],
      language,
      isBusy,
      canRetry,
      lastTapped: state.tap.component,
      privacyStep: state.privacy,
      components: state.components,
      canAsk,
      asksBy: platform.wechat,
      platform: platform.name ?? '',
      hasSms: service !== undefined && options.sms !== false,
    }
  }

  /** What a new state of the tap asks of the world. */
  function follow({ tap: before }: State, { tap }: State) {
    clearTimeout(timer)
    if (tap.at === 'asking') timer = setTimeout(() => endedByItself({ type: 'no-event' }), askingMs)
    if (tap.at === 'held') {
      const pauseMs = resendMs[Math.min(resends++, resendMs.length - 1)] ?? 0
      const lifeMs = Math.max(...tap.codes.map(({ diesAtMs }) => diesAtMs)) - Date.now()
      const waitMs = Math.max(pauseMs, (tap.error?.retryAfterS ?? 0) * 1000)
      timer = setTimeout(
        () => endedByItself({ type: 'resend', atMs: Date.now() }),
        Math.max(0, Math.min(waitMs, lifeMs)),
      )
    }
    const [code] = tap.codes
    const isNew = before.at !== 'exchanging' || before.codes[0] !== code
    if (tap.at === 'exchanging' && code && isNew) exchanging = exchange(code)
    if (tap.at === 'idle') resends = 0
    // Every answer was lost, so the number may be bound already: that is asked before another tap is.
    if (before.at === 'held' && tap.error?.reason === 'code-expired') void start()
  }

  /** By a timer of ours, with nobody waiting for the answer. */
  function endedByItself(event: Event) {
    const [code] = state.tap.codes
    if (dispatch(event) && state.tap.at === 'idle') void ending(code)
  }

  /** How the last tap stands, told to whoever tapped: in the same breath as the state changes, for a page that makes way for the member takes the button away next. */
  function ending(code: HeldCode | undefined): LoginOutcome {
    const { error, component } = state.tap
    if (!error) return ignored
    telemetry?.note({ event: 'ended', component, ending: endingName(error) })
    return told({ result: error.reason === 'denied' ? 'denied' : 'failed', error }, code)
  }

  function told(outcome: LoginOutcome, code: HeldCode | undefined, report?: Report): LoginOutcome {
    const to = report ?? (code && reports.get(code.phoneCode))
    if (code && state.tap.at !== 'held') reports.delete(code.phoneCode)
    to?.(outcome)
    return outcome
  }

  function exchange(code: HeldCode): Promise<LoginOutcome> {
    const { phoneCode, component } = code
    return enqueue(async () => {
      try {
        telemetry?.note({ event: 'sent', component })
        const member = await backEnd.exchange(code)
        dispatch({ type: 'bound', phoneCode, member, atMs: Date.now() })
        telemetry?.note({ event: 'bound', component })
        return told({ result: 'bound', member }, code)
      } catch (cause) {
        const error = toLoginError(cause)
        dispatch({ type: 'exchange-failed', phoneCode, error, atMs: Date.now() })
        // The session ended on the way, or another one came with the answer: who is here is asked again.
        if (haoma && !session.read()?.member) {
          if (canResend(error)) dispatch({ type: 'session-lost', error })
          else void start()
        }
        const { tap } = state
        return tap.at === 'exchanging' ? ignored : ending(code)
      } finally {
        telemetry?.flush()
      }
    })
  }

  function start(): Promise<void> {
    if (starting) return starting
    dispatch({ type: 'start' })
    const { run } = state.session
    const started = enqueue(() => signInOrResume(run))
      .catch((cause) => {
        const member = session.read()?.member
        dispatch({ type: 'start-failed', run, member, error: toLoginError(cause) })
      })
      .then(() => {
        // Signing out and in again has begun another one.
        if (starting !== started) return
        starting = undefined
        if (hasRestored && state.session.at !== 'out') dispatch({ type: 'resend', atMs: Date.now() })
        hasRestored = false
      })
    starting = started
    return started
  }

  async function signInOrResume(run: number) {
    await platform.ready()
    const codes = heldCodes.read(Date.now())
    if (codes.length > 0 && dispatch({ type: 'restored', codes })) hasRestored = true
    if (cache.get(signedOutKey)) return void dispatch({ type: 'signed-out' })
    if (await platform.needsPrivacy()) dispatch({ type: 'privacy-needed' })
    const stored = session.read()
    if (stored?.member) dispatch({ type: 'recalled', run, member: stored.member })
    let found = stored && (await backEnd.resume(stored.member))
    if (!found) {
      if (platform.wechat === 'none') return void dispatch({ type: 'no-wechat' })
      dispatch({ type: 'recalled', run, member: undefined })
      found = await backEnd.signIn()
    }
    dispatch({
      type: 'signed-in',
      run,
      member: found.member,
      components: found.components,
      isNew: found.isNew,
    })
    telemetry?.flush()
  }

  /** A token, and the silent login once more when the session has ended. */
  async function accessToken(failedToken?: string): Promise<string | undefined> {
    await starting
    const isOut = () => state.session.at === 'out'
    if (isOut()) return undefined
    try {
      return await session.accessToken(failedToken)
    } catch (cause) {
      if (!isSignedOut(cause)) throw cause
      if (isOut()) return undefined
      await start()
      return isOut() ? undefined : session.accessToken()
    }
  }

  /** Who is here now, by another way than the silent login. */
  function entered({ member, session: tokens }: Pick<LoginResponse, 'member'> & Partial<LoginResponse>) {
    session.save({ member, session: tokens })
    cache.remove(signedOutKey)
    dispatch({ type: 'member-changed', member })
    dispatch({ type: 'dismissed' })
    if (state.tap.at === 'held') dispatch({ type: 'resend', atMs: Date.now() })
  }

  /** Runs a call that needs the session. */
  async function withToken<T>(call: (accessToken: string) => Promise<T>): Promise<T> {
    const token = await accessToken()
    if (token === undefined) throw new LoginError('signed-out')
    return call(token)
  }

  const login: Login = {
    read,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setLanguage(next) {
      language = next
      tell()
    },

    start,
    shown: (component) => telemetry?.note({ event: 'shown', component }),

    tap(component) {
      if (!canTap(state) || !canAsk[component]) return false
      backEnd.prepare()
      telemetry?.note({ event: 'tapped', component })
      return dispatch({ type: 'tapped', component, atMs: Date.now() })
    },

    async answer(event, component, report) {
      const read = readPhoneEvent(event)
      const atMs = Date.now()
      if ('reason' in read) {
        if (!dispatch({ type: 'refused', component, reason: read.reason })) return ignored
        const outcome = ending(undefined)
        report?.(outcome)
        return outcome
      }
      const { phoneCode } = read
      const { tappedAtMs } = state.tap
      if (report) reports.set(phoneCode, report)
      if (!dispatch({ type: 'consented', phoneCode, component, atMs })) return ignored
      const durationMs = tappedAtMs === undefined ? undefined : atMs - tappedAtMs
      telemetry?.note({ event: 'consented', component, durationMs, phoneCode })
      const { tap } = state
      if (tap.at === 'exchanging') return tap.codes[0]?.phoneCode === phoneCode ? exchanging : ignored
      return ending({ phoneCode, component, diesAtMs: atMs })
    },

    async ask(component, { quotaToast = false, report } = {}) {
      // WeChat itself opens its sheet and sends the event.
      if (!login.tap(component) || platform.wechat === 'native') return ignored
      const detail = await platform
        .requestPhoneNumber(component, quotaToast)
        .catch((cause: unknown) => ({ errMsg: String(cause) }))
      return login.answer(detail, component, report)
    },

    async retry() {
      if (viewOf(state).isBusy) return ignored
      const { tap, session: region } = state
      // Who has signed out comes back by signing in.
      if (region.at === 'out' && !region.error) return ignored
      if (tap.at === 'held') {
        dispatch({ type: 'resend', atMs: Date.now() })
        return state.tap.at === 'exchanging' ? exchanging : ending(tap.codes[0])
      }
      await start()
      return ignored
    },

    dismiss: () => void dispatch({ type: 'dismissed' }),
    agreePrivacy: () => void dispatch({ type: 'privacy-agreed', step: agreed }),

    async signOut() {
      if (!dispatch({ type: 'signed-out' })) return
      cache.set(signedOutKey, true)
      await enqueue(backEnd.endSession)
    },

    signIn() {
      cache.remove(signedOutKey)
      // A start that was overtaken by signing out is not this one.
      starting = undefined
      hasRestored = state.tap.at === 'held'
      return start()
    },

    accessToken: () => accessToken(),
    request: createRequest({ platform, timeoutMs, accessToken }),

    async merge() {
      try {
        entered({ member: await enqueue(needed(haoma).merge) })
      } catch (cause) {
        const error = toLoginError(cause)
        dispatch({ type: 'noted', error })
        throw error
      }
    },

    unbind: async () => entered(await withToken(needed(service).unbind)),
    devices: async () => (await withToken(needed(service).sessions)).sessions,
    endDevice: async (id) => void (await withToken((token) => needed(service).endOther(id, token))),
    async sendSms(to) {
      const send = (more: { captcha?: string } = {}) =>
        needed(service).sendSms({ appid, client, ...to, ...more })
      try {
        return await send()
      } catch (cause) {
        if (toLoginError(cause).reason !== 'SMS_CAPTCHA_REQUIRED' || !options.captcha) throw cause
        return send({ captcha: await options.captcha() })
      }
    },
    async signInBySms(by, report) {
      const answer = await enqueue(() => needed(service).loginBySms({ ...by, client }))
      entered(answer)
      report?.({ result: 'bound', member: answer.member })
    },
    privacy: platform.privacy,
  }
  platform.onHide?.(() => telemetry?.flush())
  return login

  function clientFacts(): ClientFacts {
    const deviceKey = `${key}:device`
    const stored = cache.get(deviceKey)
    const deviceId = typeof stored === 'string' && stored.length >= 8 ? stored : randomId()
    if (deviceId !== stored) cache.set(deviceKey, deviceId)
    return { deviceId, ...platform.device }
  }
}

/** What only a login with `baseUrl` has. */
function needed<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new Error('这个功能需要 Haoma 登录服务（baseUrl）。This needs a Haoma login service: give baseUrl.')
  }
  return part
}

/** In the form the wire takes: small letters, digits and hyphens. */
const endingName = ({ reason }: LoginError) => reason.toLowerCase().replace(/_/g, '-')
