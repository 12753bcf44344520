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
import type { HttpAnswer, Platform } from './platform/platform.ts'

const options = { baseUrl: 'http://login.test/', appid: 'wx1' }
const login = 'POST /v1/login'
const phone = 'POST /v1/phone'
const me = 'GET /v1/me'
const refresh = 'POST /v1/session/refresh'
const minuteMs = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function ready(overrides?: Partial<Platform>) {
  const fake = createFakePlatform(overrides)
  fake.serve(login, signedIn(unbound))
  fake.serve(phone, ok({ member: bound }))
  fake.serve(me, ok({ member: unbound }))
  fake.serve('DELETE /v1/session', { status: 204, body: '' })
  const app = createPhoneLogin({ ...options, platform: fake.platform })
  await app.start()
  const launch = () => createPhoneLogin({ ...options, platform: fake.platform })
  return { ...fake, app, launch }
}

/** An answer that comes when the test says so. */
function later() {
  let come: (answer: HttpAnswer) => void = () => undefined
  const answer = new Promise<HttpAnswer>((resolve) => {
    come = resolve
  })
  return { answer, come }
}

const tick = () => vi.advanceTimersByTimeAsync(0)

describe('two things at once', () => {
  it('a session that ends during an exchange lets no second tap through', async () => {
    const { app, serve, sentTo } = await ready()
    await vi.advanceTimersByTimeAsync(14.5 * minuteMs)
    const exchange = later()
    serve(refresh, ok(sessionOf('2')), problem('SESSION_EXPIRED', 'login-again'))
    serve(phone, exchange.answer)
    app.tap('quick')
    const outcome = app.answer({ code: phoneCode }, 'quick')
    await tick()
    await vi.advanceTimersByTimeAsync(14.5 * minuteMs)
    const token = app.accessToken()
    await tick()
    expect(app.status.value).toBe('exchanging')
    expect(app.isBusy.value).toBe(true)
    expect(app.tap('quick')).toBe(false)
    exchange.come(ok({ member: bound, session: sessionOf('3') }))
    expect(await outcome).toMatchObject({ result: 'bound' })
    expect(await token).toBe('access-3')
    expect(sentTo(phone)).toHaveLength(1)
  })

  it('a start that fails beside an exchange shows no retry button in the middle of it', async () => {
    const { app, platform, serve, launch } = await ready()
    await app.answer({ code: phoneCode }, 'quick')
    const confirm = later()
    serve(me, confirm.answer)
    const next = launch()
    void next.start()
    await tick()
    next.tap('quick')
    const outcome = next.answer({ code: 'd'.repeat(64) }, 'quick')
    confirm.come(problem('SESSION_EXPIRED', 'login-again'))
    serve(login, problem('USER_BLOCKED', 'use-fallback'), signedIn(bound))
    const seen = new Set<string>()
    for (let turn = 0; turn < 50 && next.status.value === 'exchanging'; turn++) {
      seen.add(`${next.status.value} ${next.canRetry.value}`)
      await Promise.resolve()
    }
    expect([...seen]).toEqual(['exchanging false'])
    expect(await outcome).toMatchObject({ result: 'bound' })
    expect(platform.storage.get('haoma:wx1:held')).toBeUndefined()
  })

  it('a renewal that ends late does not write over a newer login', async () => {
    const { app, serve, launch } = await ready()
    await vi.advanceTimersByTimeAsync(14.5 * minuteMs)
    const renewal = later()
    serve(refresh, renewal.answer)
    const token = app.accessToken()
    await tick()
    // Another page of the same program has signed in by SMS meanwhile.
    serve('POST /v1/sms/login', ok({ member: { ...bound, id: 'm2' }, session: sessionOf('9') }))
    await app.signInBySms({ requestId: 'r', code: '1234' })
    renewal.come(ok(sessionOf('2')))
    expect(await token).toBe('access-9')
    expect(await app.accessToken()).toBe('access-9')
    const next = launch()
    serve(me, lost())
    await next.start()
    expect(next.member.value?.id).toBe('m2')
  })

  it('signing out during a start that fails stays signed out', async () => {
    const { app, serve, launch } = await ready()
    await app.answer({ code: phoneCode }, 'quick')
    const confirm = later()
    serve(me, confirm.answer)
    const next = launch()
    void next.start()
    await tick()
    const signedOut = next.signOut()
    confirm.come(problem('SESSION_EXPIRED', 'login-again'))
    serve(login, problem('USER_BLOCKED', 'use-fallback'))
    await signedOut
    expect(next.status.value).toBe('signed-out')
    expect(next.error.value).toBeUndefined()
  })

  it('signing out and in again is not undone by the start before', async () => {
    const { serve, launch } = await ready()
    const confirm = later()
    serve(me, confirm.answer, ok({ member: bound }))
    const next = launch()
    void next.start()
    await tick()
    void next.signOut()
    const signedIn = next.signIn()
    serve(login, ok({ member: { ...unbound, id: 'm3' }, session: sessionOf('3') }))
    confirm.come(ok({ member: unbound }))
    await signedIn
    expect(next.member.value?.id).toBe('m3')
    expect(await next.accessToken()).toBe('access-3')
  })
})

describe('a storage that is full or blocked', () => {
  const full = () => {
    throw new Error('setStorageSync:fail exceed max size')
  }

  it.each([
    ['full', { get: () => undefined, set: full, remove: () => undefined }],
    ['blocked', { get: full, set: full, remove: full }],
  ])('(%s) does not fail a login, nor cost a second tap', async (_, storage) => {
    const { app, sentTo } = await ready({ storage })
    app.tap('quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toEqual({ result: 'bound', member: bound })
    expect(app.status.value).toBe('bound')
    expect(await app.accessToken()).toBe('access-1')
    expect(sentTo(phone)).toHaveLength(1)
    await app.signOut()
    expect(await app.accessToken()).toBeUndefined()
    expect(app.status.value).toBe('signed-out')
  })

  it('leaves no older login behind for the next launch', async () => {
    const { app, serve, launch, platform, logins } = await ready()
    const { set } = platform.storage
    platform.storage.set = full
    serve(phone, ok({ member: { ...bound, id: 'm2' }, session: sessionOf('2') }))
    await app.answer({ code: phoneCode }, 'quick')
    platform.storage.set = set
    serve(login, signedIn({ ...bound, id: 'm2' }, '3'))
    const next = launch()
    await next.start()
    expect(next.member.value?.id).toBe('m2')
    expect(logins()).toBe(2)
  })
})

describe('an answer that is not of the service', () => {
  it.each([
    [{ code: 403, msg: 'blocked' }],
    [{}],
    [[]],
    [{ member: null }],
    [{ member: { id: '' } }],
    [{ member: { id: 'm1' } }],
    [{ member: unbound }],
    ['<html></html>'],
    [null],
  ])('is no success: %j', async (body) => {
    const { app, serve, sentTo } = await ready()
    serve(phone, ok(body))
    app.tap('quick')
    const outcome = app.answer({ code: phoneCode }, 'quick')
    await vi.advanceTimersByTimeAsync(6000)
    expect(await outcome).toMatchObject({ result: 'failed', error: { reason: 'bad-answer' } })
    expect(app.canRetry.value).toBe(true)
    expect(app.tap('quick')).toBe(false)
    expect(app.member.value).toEqual(unbound)
    serve(phone, ok({ member: bound }))
    expect(await app.retry()).toMatchObject({ result: 'bound' })
    expect(new Set(sentTo(phone).map((sent) => sent.phoneCode))).toEqual(new Set([phoneCode]))
  })
})

describe('a paid code', () => {
  it('is sent by the next launch when the mini program was closed', async () => {
    const { app, serve, sentTo, launch } = await ready()
    serve(phone, lost())
    app.tap('realtime')
    void app.answer({ code: phoneCode }, 'realtime')
    await vi.advanceTimersByTimeAsync(20_000)
    serve(phone, ok({ member: bound }))
    const next = launch()
    expect(next.tap('quick')).toBe(false)
    await next.start()
    await tick()
    expect(next.status.value).toBe('bound')
    expect(sentTo(phone).at(-1)).toEqual({ phoneCode, component: 'realtime' })
  })

  it('is not sent by a launch after its death, which asks for a tap', async () => {
    const { app, serve, sentTo, launch } = await ready()
    serve(phone, lost())
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    await vi.advanceTimersByTimeAsync(20_000)
    const laterMs = Date.now() + 5 * minuteMs
    vi.clearAllTimers()
    vi.setSystemTime(laterMs)
    const sent = sentTo(phone).length
    const next = launch()
    await next.start()
    expect(next.status.value).toBe('ready')
    expect(next.tap('quick')).toBe(true)
    expect(sentTo(phone)).toHaveLength(sent)
  })

  it('stays when the message is put away', async () => {
    const { app, serve } = await ready()
    serve(phone, lost())
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    await vi.advanceTimersByTimeAsync(6000)
    app.dismiss()
    expect(app.canRetry.value).toBe(true)
    expect(app.tap('quick')).toBe(false)
  })

  it('that comes after signing out waits until the user is back', async () => {
    const { app, requests } = await ready()
    app.tap('quick')
    await app.signOut()
    const before = requests.length
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({ error: { reason: 'signed-out' } })
    await vi.advanceTimersByTimeAsync(minuteMs)
    expect(requests).toHaveLength(before)
    expect(app.status.value).toBe('signed-out')
    expect(await app.accessToken()).toBeUndefined()
    await app.signIn()
    await tick()
    expect(app.status.value).toBe('bound')
  })

  it('that died without an answer is asked after before another tap: the number may be bound', async () => {
    const { app, serve } = await ready()
    serve(phone, lost('timeout'))
    serve(me, lost())
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    await vi.advanceTimersByTimeAsync(6 * minuteMs)
    expect(app.canRetry.value).toBe(true)
    expect(app.tap('quick')).toBe(false)
    serve(me, ok({ member: bound }))
    await app.retry()
    expect(app.status.value).toBe('bound')
    expect(app.error.value).toBeUndefined()
  })

  it('that comes twice, the second time after its end, is exchanged once', async () => {
    const { app, sentTo } = await ready()
    app.tap('quick')
    await app.answer({ code: phoneCode }, 'quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toEqual({ result: 'ignored' })
    expect(await app.answer({ errMsg: 'getPhoneNumber:fail strange' }, 'quick')).toMatchObject({
      result: 'failed',
    })
    expect(sentTo(phone)).toHaveLength(1)
    expect(app.member.value).toEqual(bound)
  })

  it('that is held outlives signing out, and is used when the user is back', async () => {
    const { app, serve, sentTo } = await ready()
    serve(phone, lost())
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    await vi.advanceTimersByTimeAsync(6000)
    await app.signOut()
    serve(phone, ok({ member: bound }))
    await app.signIn()
    await tick()
    expect(app.status.value).toBe('bound')
    expect(new Set(sentTo(phone).map((sent) => sent.phoneCode))).toEqual(new Set([phoneCode]))
  })

  it('that comes beside another is used when that one is refused', async () => {
    const { app, serve, sentTo } = await ready()
    const first = later()
    serve(phone, first.answer, ok({ member: bound }))
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    await tick()
    await app.answer({ code: 'd'.repeat(64) }, 'quick')
    first.come(problem('PHONE_CODE_INVALID', 'tap-again'))
    await tick()
    expect(app.status.value).toBe('bound')
    expect(sentTo(phone).map((sent) => sent.phoneCode)).toEqual([phoneCode, 'd'.repeat(64)])
  })

  it('is not thrown away by a refusal that comes after it', async () => {
    const { app, serve, stored } = await ready()
    const exchange = later()
    serve(phone, exchange.answer)
    app.tap('quick')
    const outcome = app.answer({ code: phoneCode }, 'quick')
    await tick()
    expect(await app.answer({ errMsg: 'getPhoneNumber:fail user deny' }, 'quick')).toEqual({
      result: 'ignored',
    })
    expect(JSON.stringify([...stored.values()])).toContain(phoneCode)
    expect(app.tap('quick')).toBe(false)
    exchange.come(ok({ member: bound }))
    expect(await outcome).toMatchObject({ result: 'bound' })
  })

  it('that comes beside another is sent after it, and lets no tap through until then', async () => {
    const { app, serve, sentTo } = await ready()
    const first = later()
    serve(phone, first.answer, ok({ member: { ...bound, phone: { ...bound.phone, masked: '139****0000' } } }))
    const other = 'd'.repeat(64)
    app.tap('quick')
    void app.answer({ code: phoneCode }, 'quick')
    void app.answer({ code: other }, 'quick')
    await tick()
    expect(app.tap('quick')).toBe(false)
    first.come(ok({ member: bound }))
    await vi.advanceTimersByTimeAsync(100)
    expect(sentTo(phone).map((body) => body.phoneCode)).toEqual([phoneCode, other])
    expect(app.member.value?.phone.masked).toBe('139****0000')
    expect(app.status.value).toBe('bound')
  })

  it('refused by the service leaves the member and the token in agreement', async () => {
    const { app, serve } = await ready()
    serve(phone, problem('SESSION_EXPIRED', 'login-again'))
    serve(login, problem('PHONE_CODE_INVALID', 'tap-again'), signedIn(unbound, '2'))
    app.tap('quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({
      error: { reason: 'PHONE_CODE_INVALID' },
    })
    expect(await app.accessToken()).toBe('access-2')
    expect(app.member.value?.id).toBe('m1')
    expect(app.status.value).toBe('ready')
  })
})

describe('no loop of paid taps', () => {
  it.each([
    ['the service', { code: phoneCode }],
    ['WeChat, in words that nobody knows', { errMsg: 'getPhoneNumber:fail blah' }],
    ['WeChat, for want of privacy', { errno: 104 }],
  ])('after a second tap in vain by %s another way in is offered', async (_, detail) => {
    const { app, serve } = await ready()
    serve(phone, problem('PHONE_CODE_INVALID', 'tap-again'))
    app.tap('quick')
    expect(await app.answer(detail, 'quick')).toMatchObject({ error: { action: 'tap-again' } })
    app.agreePrivacy()
    app.tap('quick')
    const second = 'code' in detail ? { code: 'd'.repeat(64) } : detail
    expect(await app.answer(second, 'quick')).toMatchObject({ error: { action: 'use-fallback' } })
    expect(app.status.value).toBe('failed')
    expect(app.canRetry.value).toBe(false)
  })

  it('refusing as often as one likes is free', async () => {
    const { app } = await ready()
    for (let times = 0; times < 5; times++) {
      app.tap('quick')
      const outcome = await app.answer({ errMsg: 'getPhoneNumber:fail user deny' }, 'quick')
      expect(outcome).toMatchObject({ result: 'denied', error: { action: 'tap-again' } })
    }
  })

  it('a number that was verified just now is not asked for again', async () => {
    const { app, serve } = await ready()
    serve(phone, problem('PHONE_VERIFICATION_REQUIRED', 'verify-number'))
    app.tap('quick')
    expect(await app.answer({ code: phoneCode }, 'quick')).toMatchObject({
      error: { action: 'verify-number' },
    })
    app.tap('realtime')
    expect(await app.answer({ code: 'd'.repeat(64) }, 'realtime')).toMatchObject({
      error: { action: 'use-fallback' },
    })
  })
})

describe('whatever the platform hands in', () => {
  it.each([[undefined], [null], [[]], ['x'], [{ detail: null }]])('%j ends the tap', async (handed) => {
    const { app } = await ready()
    app.tap('quick')
    expect(await app.answer(handed, 'quick')).toMatchObject({ result: 'failed' })
    expect(app.isBusy.value).toBe(false)
    expect(app.tap('quick')).toBe(true)
  })
})

describe('a conflict', () => {
  const merge = { ticket: 't'.repeat(20), expiresInS: 600, masked: '138****8000' }

  it('is resolved by the ticket after the number is proven, with no third tap', async () => {
    const { app, serve, sentTo } = await ready()
    serve(phone, problem('IDENTITY_CONFLICT', 'resolve-conflict', { merge }))
    app.tap('quick')
    await app.answer({ code: phoneCode }, 'quick')
    expect(app.error.value).toMatchObject({ action: 'resolve-conflict', merge })
    serve('POST /v1/identity/merge', problem('MERGE_PROOF_REQUIRED', 'verify-number'))
    await expect(app.merge()).rejects.toMatchObject({ action: 'verify-number' })
    expect(app.error.value?.reason).toBe('MERGE_PROOF_REQUIRED')

    serve(
      phone,
      problem('IDENTITY_CONFLICT', 'resolve-conflict', { merge: { ...merge, ticket: 'u'.repeat(20) } }),
    )
    serve('POST /v1/identity/merge', ok({ member: { ...bound, id: 'm7' }, session: sessionOf('7') }))
    app.tap('realtime')
    expect(await app.answer({ code: 'd'.repeat(64) }, 'realtime')).toMatchObject({ result: 'bound' })
    expect(sentTo('POST /v1/identity/merge').at(-1)).toEqual({ ticket: merge.ticket })
    expect(app.member.value?.id).toBe('m7')
    expect(await app.accessToken()).toBe('access-7')
  })
})

describe('a request to a back end of the app', () => {
  it('carries the session, renews once on 401 for all that wait, and repeats', async () => {
    const { app, serve, requests, sentTo } = await ready()
    serve('GET /orders', { status: 401, body: '' }, { status: 401, body: '' }, ok([1]))
    serve(refresh, ok(sessionOf('2')))
    const both = await Promise.all([
      app.request({ url: 'http://shop.test/orders' }),
      app.request({ url: 'http://shop.test/orders' }),
    ])
    expect(both).toEqual([
      { status: 200, data: [1] },
      { status: 200, data: [1] },
    ])
    expect(sentTo(refresh)).toHaveLength(1)
    expect(requests.at(-1)?.headers.authorization).toBe('Bearer access-2')
  })

  it('gives a second 401 back', async () => {
    const { app, serve } = await ready()
    serve('GET /orders', { status: 401, body: 'no' })
    serve(refresh, ok(sessionOf('2')))
    expect(await app.request({ url: 'http://shop.test/orders' })).toEqual({ status: 401, data: 'no' })
  })
})
