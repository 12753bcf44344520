import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  bound,
  createFakePlatform,
  lost,
  ok,
  phoneCode,
  problem,
  sessionOf,
  signedIn,
  unbound,
} from '../test/fake-platform.ts'
import { createPhoneLogin } from './phone-login.ts'
import type { Platform } from './platform/platform.ts'

const options = { baseUrl: 'http://login.test/', appid: 'wx1' }
const login = 'POST /v1/login'
const phone = 'POST /v1/phone'
const me = 'GET /v1/me'
const minuteMs = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(overrides?: Partial<Platform>) {
  const fake = createFakePlatform(overrides)
  fake.serve(login, signedIn(unbound))
  fake.serve(phone, ok({ member: bound }))
  fake.serve(me, ok({ member: unbound }))
  return { ...fake, app: createPhoneLogin({ ...options, platform: fake.platform }) }
}

/** Signed in, number unknown: the button is on the page. */
async function ready(overrides?: Partial<Platform>) {
  const opened = open(overrides)
  await opened.app.start()
  return opened
}

/** Lets every pause of a resend pass. */
async function settled<T>(work: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(20_000)
  return work
}

describe('the start', () => {
  it('logs in silently and asks for a tap when the number is unknown', async () => {
    const { app, sentTo } = open()
    expect(app.status.value).toBe('starting')
    await app.start()
    expect(sentTo(login)).toEqual([{ appid: 'wx1', loginCode: 'login-code-1' }])
    expect(app.status.value).toBe('ready')
    expect(app.member.value).toEqual(unbound)
  })

  it('shows a known number at once, before any answer, and asks for no new login', async () => {
    const { app, platform, serve, logins } = await ready()
    serve(phone, ok({ member: bound }))
    await app.answer({ code: phoneCode }, 'quick')

    let confirm: (answer: ReturnType<typeof ok>) => void = () => undefined
    serve(me, new Promise((resolve) => (confirm = resolve)))
    const later = createPhoneLogin({ ...options, platform })
    const started = later.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(later.status.value).toBe('bound')
    expect(later.member.value?.phone.masked).toBe('138****8000')
    confirm(ok({ member: bound }))
    await started
    expect(later.status.value).toBe('bound')
    expect(logins()).toBe(1)
  })

  it('keeps showing what it knows when there is no network on a later visit', async () => {
    const { app, platform, serve } = await ready()
    await app.answer({ code: phoneCode }, 'quick')
    serve(me, lost())
    const later = createPhoneLogin({ ...options, platform })
    await later.start()
    expect(later.status.value).toBe('bound')
    expect(later.error.value).toBeUndefined()
  })

  it('logs in silently again when the service has ended the session', async () => {
    const { platform, serve, sentTo } = await ready()
    serve(me, problem('SESSION_EXPIRED', 'login-again'))
    serve(login, signedIn(bound, '2'))
    const later = createPhoneLogin({ ...options, platform })
    await later.start()
    expect(sentTo(login)).toHaveLength(2)
    expect(later.status.value).toBe('bound')
  })

  it('shows nobody when the session has ended and the login fails', async () => {
    const { app, platform, serve } = await ready()
    await app.answer({ code: phoneCode }, 'quick')
    serve(me, problem('SESSION_EXPIRED', 'login-again'))
    serve(login, problem('USER_BLOCKED', 'use-fallback'))
    const later = createPhoneLogin({ ...options, platform })
    await later.start()
    expect(later.member.value).toBeUndefined()
    expect(later.status.value).toBe('failed')
    expect(later.canRetry.value).toBe(true)
  })

  it('logs in once for any number of callers', async () => {
    const { app, sentTo } = open()
    await Promise.all([app.start(), app.start(), app.start()])
    expect(sentTo(login)).toHaveLength(1)
  })

  it('sends the same login code again after a network failure', async () => {
    const { app, serve, sentTo } = open()
    serve(login, lost(), lost('timeout'), signedIn(unbound))
    await settled(app.start())
    expect(sentTo(login).map(({ loginCode }) => loginCode)).toEqual(Array(3).fill('login-code-1'))
    expect(app.status.value).toBe('ready')
  })

  it('fetches one fresh login code when the service refuses the first, and no more', async () => {
    const { app, serve, sentTo } = open()
    serve(login, problem('LOGIN_CODE_INVALID', 'login-again'))
    await app.start()
    expect(sentTo(login).map(({ loginCode }) => loginCode)).toEqual(['login-code-1', 'login-code-2'])
    expect(app.status.value).toBe('failed')
  })

  it('does not repeat a login that was refused for another reason', async () => {
    const { app, serve, sentTo } = open()
    serve(login, problem('UNKNOWN_APP', 'give-up'))
    await app.start()
    expect(sentTo(login)).toHaveLength(1)
    expect(app.error.value?.reason).toBe('UNKNOWN_APP')
  })

  it('says that the service is down, and starts again on retry', async () => {
    const { app, serve } = open()
    serve(login, lost())
    await settled(app.start())
    expect(app.status.value).toBe('failed')
    expect(app.error.value?.reason).toBe('network')
    expect(app.canRetry.value).toBe(true)
    expect(app.tap('quick')).toBe(false)

    serve(login, signedIn(unbound))
    await app.retry()
    expect(app.status.value).toBe('ready')
    expect(app.error.value).toBeUndefined()
  })

  it('takes an answer that is not from the service for a passing failure', async () => {
    const { app, serve } = open()
    serve(login, { status: 200, body: '<html>sign in to this hotspot</html>' })
    await settled(app.start())
    expect(app.error.value?.reason).toBe('bad-answer')
    expect(app.canRetry.value).toBe(true)
  })

  it('says so where there is no WeChat, and calls nobody', async () => {
    const { app, requests } = open({ wechat: 'none' })
    await app.start()
    expect(app.status.value).toBe('outside-wechat')
    expect(app.message.value).toContain('微信')
    expect(requests).toEqual([])
  })
})

describe('a tap', () => {
  it('carries the code to the service and ends with the number known', async () => {
    const { app, sentTo, requests } = await ready()
    expect(app.tap('realtime')).toBe(true)
    expect(app.status.value).toBe('asking')
    const outcome = app.answer({ code: phoneCode, errMsg: 'getPhoneNumber:ok' }, 'realtime')
    expect(app.status.value).toBe('exchanging')
    expect(await outcome).toEqual({ result: 'bound', member: bound })
    expect(sentTo(phone)).toEqual([{ phoneCode, component: 'realtime' }])
    expect(requests.find(({ url }) => url.endsWith('/v1/phone'))?.headers).toEqual({
      authorization: 'Bearer access-1',
    })
    expect(app.status.value).toBe('bound')
  })

  it('is refused while another is under way, from the tap to the end of the exchange', async () => {
    const { app, sentTo } = await ready()
    expect(app.tap('quick')).toBe(true)
    expect(app.tap('quick')).toBe(false)
    expect(app.tap('realtime')).toBe(false)
    const outcome = app.answer({ code: phoneCode }, 'quick')
    expect(app.tap('quick')).toBe(false)
    expect(await app.answer({ code: 'd'.repeat(64) }, 'quick')).toEqual({ result: 'ignored' })
    await outcome
    expect(sentTo(phone)).toHaveLength(1)
  })

  it('is possible again when WeChat lost the event, and the late event still counts', async () => {
    const { app } = await ready()
    app.tap('quick')
    await vi.advanceTimersByTimeAsync(29_999)
    expect(app.status.value).toBe('asking')
    await vi.advanceTimersByTimeAsync(1)
    expect(app.status.value).toBe('ready')
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ result: 'bound' })
  })

  it('becomes nobody else when the number belongs to an existing member: the new tokens replace the old', async () => {
    const { app, serve } = await ready()
    serve(phone, ok({ member: { ...bound, id: 'm2' }, session: sessionOf('2') }))
    await app.answer({ code: phoneCode }, 'quick')
    expect(app.member.value?.id).toBe('m2')
    expect(await app.accessToken()).toBe('access-2')
  })
})

describe('a refusal', () => {
  it('is answered with a prompt and another chance', async () => {
    const { app, requests } = await ready()
    const before = requests.length
    app.tap('quick')
    const refused = await app.answer({ errMsg: 'getPhoneNumber:fail user deny' }, 'quick')
    expect(refused).toMatchObject({ result: 'denied', error: { reason: 'denied', action: 'tap-again' } })
    expect(app.status.value).toBe('ready')
    expect(app.message.value).toContain('可以再试一次')
    expect(requests).toHaveLength(before)

    expect(app.tap('quick')).toBe(true)
    expect(app.message.value).toBeUndefined()
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ result: 'bound' })
  })

  it('of a change of number leaves the old number in place', async () => {
    const { app } = await ready()
    await app.answer({ code: phoneCode }, 'quick')
    app.tap('realtime')
    await app.answer({ errMsg: 'getPhoneNumber:fail:user deny' }, 'realtime')
    expect(app.status.value).toBe('bound')
    expect(app.error.value?.reason).toBe('denied')
  })

  it('for want of the privacy agreement asks for that first', async () => {
    const { app } = await ready()
    expect(app.privacyStep.value).toBe('with-tap')
    app.tap('quick')
    await app.answer({ errno: 104 }, 'quick')
    expect(app.privacyStep.value).toBe('before-tap')
    app.agreePrivacy()
    expect(app.privacyStep.value).toBe('with-tap')
    expect(app.error.value).toBeUndefined()
  })

  it('is not provoked below base library 2.33.1, where the agreement comes first', async () => {
    const { app } = await ready({ combinesPrivacy: false, needsPrivacy: async () => true })
    expect(app.privacyStep.value).toBe('before-tap')
    app.agreePrivacy()
    expect(app.privacyStep.value).toBe('none')
  })

  it.each([
    [{ errno: 1400001 }, 'quota'],
    [{ errno: 112 }, 'privacy-not-declared'],
    [{ errMsg: 'getPhoneNumber:fail no permission' }, 'no-permission'],
  ])('that no tap can mend (%j) says so and offers the way back', async (detail, reason) => {
    const { app } = await ready()
    app.tap('quick')
    expect(await app.answer(detail, 'quick')).toMatchObject({
      result: 'failed',
      error: { reason, action: 'use-fallback' },
    })
    expect(app.status.value).toBe('failed')
    expect(app.canRetry.value).toBe(false)
    app.dismiss()
    expect(app.status.value).toBe('ready')
  })
})

describe('the age of a phone code', () => {
  it('counts from the tap: a code that is 5 minutes old is not sent', async () => {
    const { app, sentTo } = await ready()
    app.tap('quick')
    vi.advanceTimersByTime(5 * minuteMs)
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ error: { reason: 'late' } })
    expect(sentTo(phone)).toEqual([])
    expect(app.status.value).toBe('ready')
  })

  it('lets a younger one pass', async () => {
    const { app } = await ready()
    app.tap('quick')
    vi.advanceTimersByTime(5 * minuteMs - 1)
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ result: 'bound' })
  })

  it('ends the retries as well', async () => {
    const { app, serve, sentTo } = await ready()
    serve(phone, lost())
    app.tap('quick')
    await settled(app.answer({ code: phoneCode }, 'quick'))
    expect(sentTo(phone).length).toBeGreaterThan(3)
    await vi.advanceTimersByTimeAsync(5 * minuteMs)
    const sent = sentTo(phone).length
    expect(app.status.value).toBe('ready')
    expect(app.error.value?.reason).toBe('code-expired')
    await vi.advanceTimersByTimeAsync(10 * minuteMs)
    expect(sentTo(phone)).toHaveLength(sent)
    expect(app.tap('quick')).toBe(true)
  })
})

describe('what the service answers to a phone code', () => {
  it.each([
    ['a lost answer', lost('timeout')],
    ['no network', lost()],
    ['a busy WeChat', problem('WECHAT_BUSY', 'retry')],
    ['a code in progress', problem('CODE_IN_PROGRESS', 'retry', { retryAfterS: 1 })],
  ])('%s: sends the same code again by itself', async (_, answer) => {
    const { app, serve, sentTo } = await ready()
    serve(phone, answer, ok({ member: bound }))
    app.tap('quick')
    expect(await settled(app.answer({ code: phoneCode }, 'quick'))).toMatchObject({ result: 'bound' })
    expect(sentTo(phone)).toEqual(Array(2).fill({ phoneCode, component: 'quick' }))
  })

  it('retry, and again and again: keeps the code for the retry button, and refuses another paid tap', async () => {
    const { app, serve, sentTo } = await ready()
    serve(phone, lost())
    app.tap('quick')
    expect(await settled(app.answer({ code: phoneCode }, 'quick'))).toMatchObject({ result: 'failed' })
    expect(app.canRetry.value).toBe(true)
    expect(app.tap('quick')).toBe(false)

    serve(phone, ok({ member: bound }))
    expect(await app.retry()).toMatchObject({ result: 'bound' })
    expect(new Set(sentTo(phone).map((body) => body.phoneCode))).toEqual(new Set([phoneCode]))
  })

  it('login-again: logs in afresh with the same phone code in the same request', async () => {
    const { app, serve, sentTo } = await ready()
    serve(phone, problem('SESSION_EXPIRED', 'login-again'))
    serve(login, signedIn(bound, '2'))
    app.tap('quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ result: 'bound' })
    expect(sentTo(login).at(-1)).toEqual({
      appid: 'wx1',
      loginCode: 'login-code-2',
      phoneCode,
      component: 'quick',
    })
  })

  it('tap-again: shows why and takes another tap', async () => {
    const { app, serve } = await ready()
    serve(phone, problem('PHONE_CODE_INVALID', 'tap-again'), ok({ member: bound }))
    app.tap('quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({
      result: 'failed',
      error: { reason: 'PHONE_CODE_INVALID', requestId: 'r-1' },
    })
    expect(app.status.value).toBe('ready')
    expect(app.message.value).toBe('PHONE_CODE_INVALID 中文')
    app.language.value = 'en'
    expect(app.message.value).toBe('PHONE_CODE_INVALID english')
    expect(app.tap('quick')).toBe(true)
  })

  it.each([
    ['use-fallback', 'USER_BLOCKED'],
    ['show-message', 'IDENTITY_CONFLICT'],
    ['give-up', 'PHONE_APP_MISMATCH'],
  ])('%s: fails with the text of the service and does not send again', async (action, code) => {
    const { app, serve, sentTo } = await ready()
    serve(phone, problem(code, action))
    app.tap('quick')
    await settled(app.answer({ code: phoneCode }, 'quick'))
    expect(sentTo(phone)).toHaveLength(1)
    expect(app.status.value).toBe('failed')
    expect(app.canRetry.value).toBe(false)
    expect(app.message.value).toBe(`${code} 中文`)
    // Another of the two buttons may still work: each has its own quota.
    expect(app.tap('realtime')).toBe(true)
  })
})

describe('signing out', () => {
  it('ends the session here and there, and the next visit does not sign in by itself', async () => {
    const { app, platform, serve, requests, logins } = await ready()
    serve('DELETE /v1/session', { status: 204, body: '' })
    await app.signOut()
    expect(app.status.value).toBe('signed-out')
    expect(app.member.value).toBeUndefined()
    expect(requests.at(-1)).toMatchObject({
      method: 'DELETE',
      headers: { authorization: 'Bearer access-1' },
    })
    expect(await app.accessToken()).toBeUndefined()

    const later = createPhoneLogin({ ...options, platform })
    await later.start()
    expect(later.status.value).toBe('signed-out')
    expect(logins()).toBe(1)
    await later.signIn()
    expect(later.status.value).toBe('ready')
  })

  it('is not undone by the confirmation of the start that is still under way', async () => {
    const { platform, serve } = await ready()
    serve('DELETE /v1/session', { status: 204, body: '' })
    let confirm: (answer: ReturnType<typeof ok>) => void = () => undefined
    serve(me, new Promise((resolve) => (confirm = resolve)))
    const later = createPhoneLogin({ ...options, platform })
    void later.start()
    await vi.advanceTimersByTimeAsync(0)
    const signedOut = later.signOut()
    confirm(ok({ member: unbound }))
    await signedOut
    expect(later.status.value).toBe('signed-out')
    expect(later.member.value).toBeUndefined()
    expect(await later.accessToken()).toBeUndefined()
  })

  it('works without a network', async () => {
    const { app, serve } = await ready()
    serve('DELETE /v1/session', lost())
    await app.signOut()
    expect(app.status.value).toBe('signed-out')
    expect(await app.accessToken()).toBeUndefined()
  })
})

describe('the access token for a back end of your own', () => {
  it('waits for the silent login', async () => {
    const { app } = open()
    void app.start()
    expect(await app.accessToken()).toBe('access-1')
  })

  it('logs in again when the session has ended', async () => {
    const { app, serve } = await ready()
    vi.advanceTimersByTime(16 * minuteMs)
    serve('POST /v1/session/refresh', problem('SESSION_EXPIRED', 'login-again'))
    serve(login, signedIn(unbound, '2'))
    expect(await app.accessToken()).toBe('access-2')
  })
})
