// @vitest-environment jsdom
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../scripts/lib/build.mjs'
import { dist, type FakeWeChat, type LaunchedPage, launch, type WxAnswer } from './support/mini-program.ts'

const page = 'pages/phone-login/phone-login'
const service = 'http://127.0.0.1:4000'
const appid = 'wx5f0a3c9e7b1d2468'
const phoneCode = 'c'.repeat(64)

const unbound = { id: 'm1', phone: { bound: false, masked: null, verifiedAt: null } }
const bound = {
  id: 'm1',
  phone: { bound: true, masked: '138****8000', verifiedAt: '2026-01-01T00:00:00.000Z' },
}
const session = {
  accessToken: 'access-1',
  expiresInS: 900,
  refreshToken: 'refresh-1',
  refreshExpiresInS: 86_400,
}
const ok = (data: unknown): WxAnswer => ({ statusCode: 200, data })

/** The page follows its state a moment later; how long a moment is depends on the machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

let opened: LaunchedPage | undefined

beforeAll(() => build(['example-mp-weixin']))
afterEach(() => opened?.close())

/** A WeChat whose service knows the user without a number; `phone` says what the phone calls come to, in order. */
function weChat({ baseLibrary = '3.5.0', phone = [ok({ member: bound })] as WxAnswer[] } = {}): FakeWeChat {
  return {
    requests: [],
    toasts: [],
    storage: new Map(),
    baseLibrary,
    answer({ method, url }) {
      const path = url.slice(service.length)
      if (path === '/v1/login') return ok({ member: unbound, session })
      if (path === '/v1/events') return { statusCode: 202, data: {} }
      if (path === '/v1/me') return ok({ member: bound })
      if (path === '/v1/phone') return phone.length > 1 ? (phone.shift() as WxAnswer) : (phone[0] as WxAnswer)
      throw new Error(`The page called ${method} ${url}, which no test expects`)
    },
  }
}

async function openWithButtons(wechat: FakeWeChat) {
  const shown = launch(page, wechat)
  opened = shown
  await eventually(() => shown.buttons().map(({ text }) => text)).toEqual([
    '手机号快捷登录',
    '获取实时手机号码',
  ])
  const button = (at: 0 | 1) => {
    const found = shown.buttons()[at]
    if (!found) throw new Error(`The page shows no button ${at}`)
    return found
  }
  return { ...shown, button }
}

const phoneRequests = ({ requests }: FakeWeChat) =>
  requests.filter(({ url }) => url === `${service}/v1/phone`)

describe('the compiled mini program', () => {
  it('logs in silently at start', async () => {
    const wechat = weChat()
    await openWithButtons(wechat)
    const asked = wechat.requests.filter(({ url }) => url !== `${service}/v1/events`)
    expect(asked).toEqual([
      {
        method: 'POST',
        url: `${service}/v1/login`,
        header: { 'content-type': 'application/json' },
        data: { appid, loginCode: 'login-code-1', client: expect.objectContaining({ platform: 'ios' }) },
      },
    ])
  })

  it('has both phone buttons bound to their events', async () => {
    const { button } = await openWithButtons(weChat())
    expect(button(0)).toMatchObject({
      openType: 'getPhoneNumber|agreePrivacyAuthorization',
      disabled: false,
      quotaToast: false,
    })
    expect(button(1).openType).toBe('getRealtimePhoneNumber|agreePrivacyAuthorization')
    for (const { events } of [button(0), button(1)])
      expect(events).toEqual(expect.arrayContaining(['tap', 'getphonenumber', 'getrealtimephonenumber']))
  })

  it.each([
    [0, 'getphonenumber', 'quick'],
    [1, 'getrealtimephonenumber', 'realtime'],
  ] as const)(
    'carries the event of button %i to the service and shows the masked number',
    async (at, event, component) => {
      const wechat = weChat()
      const { button, buttons, text } = await openWithButtons(wechat)
      button(at).fire('tap')
      button(at).fire(event, { code: phoneCode, errMsg: 'getPhoneNumber:ok' })
      await eventually(text).toContain('138****8000')
      expect(buttons()).toEqual([])
      expect(wechat.toasts).toEqual(['登录成功'])
      expect(phoneRequests(wechat)).toEqual([
        {
          method: 'POST',
          url: `${service}/v1/phone`,
          header: { 'content-type': 'application/json', authorization: 'Bearer access-1' },
          data: { phoneCode, component, client: expect.any(Object) },
        },
      ])
    },
  )

  it('answers a refusal with a prompt and another chance', async () => {
    const wechat = weChat()
    const { button, text } = await openWithButtons(wechat)
    button(0).fire('tap')
    button(0).fire('getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' })
    await eventually(text).toContain('可以再试一次')
    expect(phoneRequests(wechat)).toEqual([])
    expect(button(0).disabled).toBe(false)

    button(0).fire('tap')
    button(0).fire('getphonenumber', { code: phoneCode, errMsg: 'getPhoneNumber:ok' })
    await eventually(text).toContain('138****8000')
    expect(text()).not.toContain('可以再试一次')
  })

  it('disables both buttons from the tap on, and sends one request for a double tap', async () => {
    const wechat = weChat({ phone: ['never'] })
    const { button } = await openWithButtons(wechat)
    button(0).fire('tap')
    await eventually(() => [button(0).disabled, button(1).disabled]).toEqual([true, true])
    button(0).fire('getphonenumber', { code: phoneCode })
    button(0).fire('tap')
    button(0).fire('getphonenumber', { code: 'd'.repeat(64) })
    await eventually(() => button(0).text).toBe('正在验证…')
    expect(phoneRequests(wechat).map(({ data }) => data?.phoneCode)).toEqual([phoneCode])
    expect([button(0).disabled, button(1).disabled]).toEqual([true, true])
  })

  it('sends the same code again after a failure of the network', async () => {
    const wechat = weChat({ phone: ['no network', ok({ member: bound })] })
    const { button, text } = await openWithButtons(wechat)
    button(0).fire('tap')
    button(0).fire('getphonenumber', { code: phoneCode })
    await eventually(text).toContain('138****8000')
    expect(phoneRequests(wechat).map(({ data }) => data)).toEqual([
      expect.objectContaining({ phoneCode, component: 'quick' }),
      expect.objectContaining({ phoneCode, component: 'quick' }),
    ])
  })

  it('shows the number at once on a later visit, with no button and no new login', async () => {
    const wechat = weChat()
    const first = await openWithButtons(wechat)
    first.button(0).fire('getphonenumber', { code: phoneCode })
    await eventually(first.text).toContain('138****8000')
    first.close()

    wechat.requests.length = 0
    wechat.answer = () => 'never'
    const later = launch(page, wechat)
    opened = later
    await eventually(later.text).toContain('138****8000')
    expect(later.buttons()).toEqual([])
    expect(wechat.requests.map(({ url }) => url)).toEqual([`${service}/v1/me`])
  })

  it('asks for the privacy agreement in a step of its own below base library 2.33.1', async () => {
    const shown = launch(page, weChat({ baseLibrary: '2.32.3' }))
    opened = shown
    await eventually(() => shown.buttons().map(({ openType }) => openType)).toEqual([
      'agreePrivacyAuthorization',
      'agreePrivacyAuthorization',
    ])
    shown.buttons()[0]?.fire('agreeprivacyauthorization')
    await eventually(() => shown.buttons().map(({ openType }) => openType)).toEqual([
      'getPhoneNumber',
      'getRealtimePhoneNumber',
    ])
  })

  it('says that the service is down, and recovers by the button', async () => {
    const wechat = weChat()
    const { answer } = wechat
    wechat.answer = () => 'no network'
    const shown = launch(page, wechat)
    opened = shown
    await eventually(shown.text).toContain('连接不上登录服务')
    wechat.answer = answer
    shown.buttons()[0]?.fire('tap')
    await eventually(() => shown.buttons().length).toBe(2)
  })

  it('carries no error table and no schema library of the service', async () => {
    const vendor = await readFile(join(dist, 'common/vendor.js'), 'utf8')
    expect(vendor).not.toContain('LOGIN_CODE_AS_PHONE_CODE')
    expect(vendor).not.toContain('ZodError')
  })
})
