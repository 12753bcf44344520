import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakePlatform, signedIn, unbound } from '../test/fake-platform.ts'
import { type PhoneEndingRow, phoneEndings } from '../test/phone-endings.ts'
import { buttonOf } from './button.ts'
import { endings } from './endings.ts'
import { initialState, reduce, type State } from './machine.ts'
import { readPhoneEvent } from './phone-event.ts'
import { createPhoneLogin } from './phone-login.ts'
import { viewOf } from './view.ts'

afterEach(() => void vi.unstubAllGlobals())

const detailOf = ({ tail, errno }: PhoneEndingRow) => ({
  errMsg: tail.includes(':fail') ? tail : `getPhoneNumber:${tail}`,
  ...(errno !== undefined && { errno }),
})

/** What each kind leads to: the same button, one before it, or another way in. */
const next = ({ reason }: PhoneEndingRow) =>
  reason === 'privacy' ? 'agree-privacy' : endings[reason].action === 'tap-again' ? 'tap' : 'nothing'

/** Somebody is here, without a number, and has tapped. */
function tapped(): State {
  const started = reduce(initialState('with-tap'), { type: 'start' })
  const known = reduce(started, { type: 'signed-in', run: started.session.run, member: unbound })
  return reduce(known, { type: 'tapped', component: 'quick', atMs: 0 })
}

describe.each(phoneEndings)('$name', (row) => {
  it('is read as what it is, and ends the tap in the machine', () => {
    const read = readPhoneEvent(detailOf(row))
    expect(read).toEqual({ reason: row.reason })
    const ended = reduce(tapped(), { type: 'refused', component: 'quick', reason: row.reason })
    const { error, isBusy, canRetry } = viewOf(ended)
    expect(error).toMatchObject({ reason: row.reason, action: endings[row.reason].action })
    expect({ isBusy, canRetry }).toEqual({ isBusy: false, canRetry: false })
    expect(error?.texts.zh).toMatch(/[一-鿿].*。$/)
    expect(error?.texts.en).toMatch(/^[A-Z].*\.$/)
  })

  it.each(['the event', 'the bare detail', 'the detail in an array'])(
    "leads on in the login of a uni-app, by %s of uni's own calls",
    async (form) => {
      const fake = createFakePlatform()
      fake.serve('POST /v1/login', signedIn(unbound))
      const stored = new Map<string, unknown>()
      vi.stubGlobal('uni', {
        getAppBaseInfo: () => ({ uniPlatform: 'mp-weixin', SDKVersion: '3.8.0', language: 'zh_CN' }),
        getStorageSync: (key: string) => stored.get(key) ?? '',
        setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
        removeStorageSync: (key: string) => void stored.delete(key),
        login: ({ success }: { success(result: object): void }) => success({ code: 'login-code' }),
        request: async ({
          url,
          method,
          success,
        }: {
          url: string
          method: string
          success(answer: object): void
        }) => {
          const { status, body } = await fake.platform.request({
            url,
            method: method as 'POST',
            headers: {},
            timeoutMs: 1,
          })
          success({ statusCode: status, data: body })
        },
      })
      const login = createPhoneLogin({ appid: 'wx1', baseUrl: 'http://login.test', telemetry: false })
      await login.start()
      expect(login.status.value).toBe('ready')
      login.tap('quick')
      const detail = detailOf(row)
      const handed =
        form === 'the event'
          ? { type: 'getphonenumber', detail }
          : form === 'the bare detail'
            ? detail
            : [detail]
      const outcome = await login.answer(handed, 'quick')
      expect(outcome).toMatchObject({
        result: row.reason === 'denied' ? 'denied' : 'failed',
        error: { reason: row.reason },
      })
      const button = buttonOf(login.read(), {})
      expect(button).toMatchObject({ press: next(row), message: endings[row.reason].texts.zh })
      // Where no tap can help there is another way in; where one can there is none beside it.
      expect(button.hasSms).toBe(next(row) === 'nothing')
      expect(fake.sentTo('POST /v1/phone')).toEqual([])
    },
  )
})

it.each(
  phoneEndings.filter(
    ({ reason }) => !endings[reason].isFree && next({ reason } as PhoneEndingRow) !== 'nothing',
  ),
)('$name twice in a row asks for no third tap', ({ reason }) => {
  const twice = [1, 2].reduce(
    (each) => reduce(each, { type: 'refused', component: 'quick', reason }),
    tapped(),
  )
  expect(viewOf(twice).error?.action).toBe('use-fallback')
})
