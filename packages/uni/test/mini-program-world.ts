import type { MemberView } from '@haoma/protocol'
import { expect, vi } from 'vitest'
import { LoginError } from '../src/login-error.ts'
import { createPhoneLogin } from '../src/phone-login.ts'
import type { HttpAnswer, HttpRequest, Platform } from '../src/platform/platform.ts'
import type { PhoneLogin } from '../src/types.ts'
import { createFakePlatform, ok, problem, unbound } from './fake-platform.ts'

type Network = 'good' | 'lost-before' | 'lost-after' | 'hotspot' | 'error-500' | 'session-ended' | 'slow'
type PhoneEvent = 'consent' | 'again' | 'deny' | 'unknown' | 'quota' | 'privacy' | 'nothing' | 'no-code'

export type WorldStep =
  | { do: 'tap'; component: string }
  | { do: 'event'; event: string }
  | { do: 'network'; network: string }
  | { do: 'wait'; ms: number }
  | { do: 'storage'; isFull: boolean }
  | { do: 'token' | 'retry' | 'dismiss' | 'sign-out' | 'sign-in' | 'restart' }

interface Consent {
  phoneCode: string
  diesAtMs: number
  hasReachedMember: boolean
  hasText: boolean
  /** The phone could not keep it when the program was closed. */
  isLost: boolean
}

const codeLifeMs = 300_000

/** A phone, its user, the network between and a service that knows a code again: the facts the laws are about. */
export function createMiniProgram() {
  const consents: Consent[] = []
  const storage = new Map<string, unknown>()
  let network: Network = 'good'
  let isFull = false
  let isSheetOpen = false
  let component: 'quick' | 'realtime' = 'quick'
  let sheetOpenedAtMs = 0
  let phone: string | undefined
  let login: PhoneLogin
  /** What was under way belongs to a program that was closed. */
  let launches = 0
  let sessions = 0
  const live = new Set<string>()
  const refreshes = new Map<string, string>()
  const { platform: fake } = createFakePlatform()

  const view = (): MemberView =>
    phone ? { id: 'm1', phone: { bound: true, masked: phone, verifiedAt: null } } : unbound

  function session() {
    const name = `${++sessions}`
    live.add(`access-${name}`)
    refreshes.set(`refresh-${name}`, name)
    return {
      accessToken: `access-${name}`,
      expiresInS: 900,
      refreshToken: `refresh-${name}`,
      refreshExpiresInS: 1e6,
    }
  }

  function spend(phoneCode: string): HttpAnswer | undefined {
    const consent = consents.find((each) => each.phoneCode === phoneCode)
    if (!consent) throw new Error('a code that nobody consented to')
    if (!consent.hasReachedMember && consent.diesAtMs <= Date.now())
      return problem('PHONE_CODE_INVALID', 'tap-again')
    consent.hasReachedMember = true
    phone = '138****8000'
    return undefined
  }

  function serve({ method, url, body, headers }: HttpRequest): HttpAnswer {
    const path = new URL(url).pathname
    const sent = (body ?? {}) as Record<string, string>
    if (path === '/v1/events') return { status: 202, body: {} }
    if (path === '/v1/login') {
      const refused = sent.phoneCode ? spend(sent.phoneCode) : undefined
      return refused ?? ok({ member: view(), session: session() })
    }
    if (path === '/v1/session/refresh')
      return refreshes.has(sent.refreshToken ?? '')
        ? ok(session())
        : problem('SESSION_EXPIRED', 'login-again')
    if (method === 'DELETE') return { status: 204, body: '' }
    const token = headers.authorization?.slice('Bearer '.length) ?? ''
    if (!live.has(token)) return problem('SESSION_EXPIRED', 'login-again')
    if (path === '/v1/me') return ok({ member: view() })
    const refused = spend(sent.phoneCode ?? '')
    return refused ?? ok({ member: view() })
  }

  async function request(of: number, asked: HttpRequest): Promise<HttpAnswer> {
    const now = network
    await new Promise((resolve) => setTimeout(resolve, now === 'slow' ? 3000 : 1))
    if (of !== launches) return new Promise(() => undefined)
    if (now === 'lost-before') throw new LoginError('network')
    if (now === 'hotspot') return { status: 200, body: { code: 403, msg: 'blocked' } }
    if (now === 'error-500') return { status: 500, body: '<html>' }
    if (now === 'session-ended') {
      live.clear()
      refreshes.clear()
      network = 'good'
    }
    const answer = serve(asked)
    if (now === 'lost-after') throw new LoginError('timeout')
    return answer
  }

  function open(): PhoneLogin {
    const of = ++launches
    const platform: Platform = {
      ...fake,
      request: (asked) => request(of, asked),
      storage: {
        get: (key) => structuredClone(storage.get(key)),
        remove: (key) => void storage.delete(key),
        set(key, value) {
          if (isFull) throw new Error('setStorageSync:fail exceed max size')
          storage.set(key, structuredClone(value))
        },
      },
    }
    return createPhoneLogin({ appid: 'wx1', baseUrl: 'http://login.test', platform })
  }

  /** Notes for every consent whether its user has been told something true about it. */
  function watchTexts() {
    for (const consent of consents) {
      const { error, status } = login
      consent.hasText ||= error.value !== undefined || status.value === 'bound'
    }
  }

  async function consented(phoneCode: string) {
    const known = consents.find((each) => each.phoneCode === phoneCode)
    if (!known)
      consents.push({
        phoneCode,
        diesAtMs: (isSheetOpen ? sheetOpenedAtMs : Date.now()) + codeLifeMs,
        hasReachedMember: false,
        hasText: false,
        isLost: false,
      })
    isSheetOpen = false
    await login.answer({ code: phoneCode, errMsg: 'getPhoneNumber:ok' }, component)
  }

  const events: Record<PhoneEvent, () => Promise<unknown>> = {
    consent: () => consented(`${consents.length}`.padStart(64, 'c')),
    again: () => consented(consents.at(-1)?.phoneCode ?? 'c'.repeat(64)),
    deny: () => login.answer({ errMsg: 'getPhoneNumber:fail user deny' }, component),
    unknown: () => login.answer({ errMsg: 'getPhoneNumber:fail strange' }, component),
    quota: () => login.answer({ errno: 1400001 }, component),
    privacy: () => login.answer({ errno: 104 }, component),
    nothing: () => login.answer(undefined, component),
    'no-code': () => login.answer({ errMsg: 'getPhoneNumber:ok' }, component),
  }

  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    watchTexts()
  }

  return {
    async launch() {
      login = open()
      void login.start()
      await pass(20)
    },

    async play(step: WorldStep) {
      if (step.do === 'tap') {
        const waits = living()
        const isTaken = login.tap(step.component as 'quick')
        // The law of money: while a code that was received may still be good, no other tap is asked for.
        if (isTaken) {
          expect(waits).toEqual([])
          isSheetOpen = true
          sheetOpenedAtMs = Date.now()
          component = step.component as 'quick'
        }
      }
      if (step.do === 'event') void events[step.event as PhoneEvent]()
      if (step.do === 'network') network = step.network as Network
      if (step.do === 'storage') isFull = step.isFull
      if (step.do === 'token')
        void login.accessToken().catch((cause) => expect(cause).toBeInstanceOf(LoginError))
      if (step.do === 'retry') void login.retry()
      if (step.do === 'dismiss') login.dismiss()
      if (step.do === 'sign-out') void login.signOut()
      if (step.do === 'sign-in') void login.signIn()
      if (step.do === 'restart') {
        // The program's timers go, and with them vitest's idea of the time.
        const nowMs = Date.now()
        vi.clearAllTimers()
        vi.setSystemTime(nowMs)
        login = open()
        // A full storage cannot hold a code over a restart: the only thing that is lost, and by the phone.
        if (isFull) for (const consent of consents) consent.isLost = true
        isSheetOpen = false
        void login.start()
      }
      await pass(step.do === 'wait' ? step.ms : 10)
    },

    /** Laws that hold at every moment. */
    checkNow() {
      const { status, error, canRetry, isBusy, message } = login
      if (status.value === 'failed') expect(message.value).toBeTruthy()
      // Nothing tells the user to tap while no tap is taken.
      if (error.value?.action === 'tap-again' && status.value !== 'signed-out' && !isBusy.value)
        expect(canRetry.value).toBe(false)
      if (canRetry.value) expect(login.tap('quick')).toBe(false)
    },

    /** The network comes back, the user comes back, and all timers run out. */
    async settle() {
      network = 'good'
      isFull = false
      if (login.status.value === 'signed-out') void login.signIn()
      await pass(60_000)
      if (login.canRetry.value) void login.retry()
      await pass(400_000)
    },

    unendedConsents: () => consents.filter((each) => !each.hasReachedMember && !each.hasText && !each.isLost),

    async checkAgreement() {
      const asked = login.accessToken()
      await pass(30_000)
      const token = await asked
      expect(token !== undefined).toBe(login.member.value !== undefined)
      if (login.status.value === 'bound') expect(phone).toBeDefined()
      if (phone) expect(login.member.value?.phone.bound).toBe(true)
    },
  }

  function living(): string[] {
    return consents
      .filter((each) => !each.hasReachedMember && !each.isLost && each.diesAtMs > Date.now())
      .map(({ phoneCode }) => phoneCode)
  }
}
