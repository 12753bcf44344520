import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { bound, createFakePlatform, ok, phoneCode, signedIn, unbound } from '../test/fake-platform.ts'
import { createPhoneLogin } from './phone-login.ts'
import { sha256 } from './sha256.ts'
import { createTelemetry } from './telemetry.ts'

it('hashes as everybody else does', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
    }),
  )
})

describe('what the button tells', () => {
  it('is the way from shown to bound, with the hash of the code and never the code', async () => {
    const { platform, serve, requests } = createFakePlatform()
    serve('POST /v1/login', signedIn(unbound))
    serve('POST /v1/phone', ok({ member: bound }))
    serve('POST /v1/events', { status: 202, body: {} })
    const login = createPhoneLogin({ baseUrl: 'http://login.test', appid: 'wx1', platform })
    await login.start()
    login.shown('quick')
    login.tap('quick')
    await login.answer({ errMsg: 'getPhoneNumber:fail user deny' }, 'quick')
    login.tap('quick')
    await login.answer({ code: phoneCode }, 'quick')
    const sent = requests
      .filter(({ url }) => url.endsWith('/v1/events'))
      .map(({ body }) => JSON.stringify(body))
    const events = sent.flatMap((body) => JSON.parse(body).events)
    expect(events.map(({ event, ending }) => [event, ending].filter(Boolean).join(':'))).toEqual([
      'shown',
      'tapped',
      'ended:denied',
      'tapped',
      'consented',
      'sent',
      'bound',
    ])
    expect(events[4].codeHash).toBe(sha256(phoneCode))
    expect(sent.join()).not.toContain(phoneCode)
  })

  it('waits for the next call when it does not get through, is bounded, and fails nothing', async () => {
    const send = vi.fn<(batch: object) => Promise<unknown>>().mockRejectedValue(new Error('offline'))
    const telemetry = createTelemetry({ appid: 'wx1', client: {}, send })
    for (let times = 0; times < 250; times++) telemetry.note({ event: 'shown', component: 'quick' })
    await vi.waitFor(() => expect(send).toHaveBeenCalled())
    send.mockResolvedValue({})
    await Promise.resolve()
    telemetry.flush()
    expect(send.mock.lastCall?.[0]).toMatchObject({ appid: 'wx1' })
    expect((send.mock.lastCall?.[0] ?? {}) as { events?: object[] }).toSatisfy(
      ({ events = [] }: { events?: object[] }) => events.length > 0 && events.length <= 100,
    )
  })
})
