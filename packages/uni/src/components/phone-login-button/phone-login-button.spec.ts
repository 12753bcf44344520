import { createPhoneLogin, type HandedCode, type Platform } from '@haoma/uni'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import {
  type Answer,
  bound,
  createFakePlatform,
  lost,
  ok,
  phoneCode,
  problem,
  signedIn,
  unbound,
} from '../../../test/fake-platform.ts'
import { phoneLoginKey } from '../../use-phone-login.ts'
import PhoneLoginButton from './phone-login-button.vue'

type Sheet = Platform['requestPhoneNumber']

/** The button on a page whose user answers the consent sheet as told. */
async function show(
  props: InstanceType<typeof PhoneLoginButton>['$props'] = {},
  {
    sheet = async () => ({ code: phoneCode }),
    member = unbound,
    phone = ok({ member: bound }),
  }: { sheet?: Sheet; member?: typeof unbound; phone?: Answer } = {},
) {
  const requestPhoneNumber = vi.fn(sheet)
  const fake = createFakePlatform({ wechat: 'simulated', requestPhoneNumber })
  const { serve } = fake
  serve('POST /v1/login', signedIn(member))
  serve('POST /v1/phone', phone)
  const login = createPhoneLogin({ baseUrl: 'http://login.test', appid: 'wx1', platform: fake.platform })
  const slots = { known: '<p>known</p>', fallback: '<p>another way</p>' }
  const button = mount(PhoneLoginButton, { props, slots, global: { plugins: [login] } })
  await flushPromises()
  const press = async () => {
    await button.get('button').trigger('tap')
    await flushPromises()
  }
  return { ...fake, login, button, press, requestPhoneNumber }
}

afterEach(() => void vi.useRealTimers())

describe('PhoneLoginButton', () => {
  it('asks with its component, binds the number and makes way for the known slot', async () => {
    const { button, press, requestPhoneNumber, sentTo } = await show({ component: 'realtime' })
    expect(button.get('button').text()).toBe('获取实时手机号码')
    await press()
    expect(requestPhoneNumber).toHaveBeenCalledExactlyOnceWith('realtime', false)
    expect(sentTo('POST /v1/phone')).toEqual([{ phoneCode, component: 'realtime' }])
    expect(button.emitted('success')).toEqual([[bound]])
    expect(button.find('button').exists()).toBe(false)
    expect(button.text()).toBe('known')
  })

  it('shows no button to someone whose number is known, unless it is to be changed', async () => {
    const known = await show({}, { member: bound })
    expect(known.button.find('button').exists()).toBe(false)
    const changing = await show({ rebind: true }, { member: bound })
    expect(changing.button.get('button').text()).toBe('手机号快捷登录')
  })

  it('reports the success although the page takes it away at that moment', async () => {
    const { login, requestPhoneNumber } = await show()
    const onSuccess = vi.fn()
    const page = mount(
      defineComponent(
        () => () => (login.member.value?.phone.bound ? undefined : h(PhoneLoginButton, { onSuccess })),
      ),
      { global: { plugins: [{ install: (app) => app.provide(phoneLoginKey, login) }] } },
    )
    await page.get('button').trigger('tap')
    await flushPromises()
    expect(requestPhoneNumber).toHaveBeenCalledOnce()
    expect(page.find('button').exists()).toBe(false)
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(bound)
  })

  it('is disabled while the sheet is open', async () => {
    const { button, press, requestPhoneNumber } = await show({}, { sheet: () => new Promise(() => {}) })
    await press()
    expect(button.get('button').attributes('disabled')).toBeDefined()
    await press()
    expect(requestPhoneNumber).toHaveBeenCalledTimes(1)
  })

  it('prompts after a refusal and can be tapped again', async () => {
    const { button, press } = await show(
      {},
      { sheet: async () => ({ errMsg: 'getPhoneNumber:fail user deny' }) },
    )
    await press()
    expect(button.emitted('denied')?.[0]).toMatchObject([{ reason: 'denied' }])
    expect(button.text()).toContain('可以再试一次')
    expect(button.get('button').attributes('disabled')).toBeUndefined()
  })

  it('speaks the language of the login, and its own text when given one', async () => {
    const { button, login } = await show()
    login.language.value = 'en'
    await flushPromises()
    expect(button.get('button').text()).toBe('Sign in with phone number')
    await button.setProps({ text: 'Go' })
    expect(button.get('button').text()).toBe('Go')
  })

  it('offers the fallback where a tap cannot help', async () => {
    const { button, press } = await show({}, { sheet: async () => ({ errno: 1400001 }) })
    await press()
    expect(button.emitted('failed')?.[0]).toMatchObject([{ reason: 'quota', action: 'use-fallback' }])
    expect(button.find('button').exists()).toBe(false)
    expect(button.text()).toContain('another way')
  })

  it('says where to go, and offers the fallback, where there is no WeChat', async () => {
    const { platform } = createFakePlatform({ wechat: 'none' })
    const login = createPhoneLogin({ baseUrl: 'http://login.test', appid: 'wx1', platform })
    const button = mount(PhoneLoginButton, {
      props: { fallback: 'none' },
      slots: { fallback: '<p>another way</p>' },
      global: { plugins: [login] },
    })
    await flushPromises()
    expect(button.find('button').exists()).toBe(false)
    expect(button.text()).toContain('只能在微信小程序中使用')
    expect(button.text()).toContain('another way')
  })

  it('leaves the message of another button to that button', async () => {
    const { button, login } = await show({ component: 'realtime' })
    login.tap('quick')
    await login.answer({ errMsg: 'getPhoneNumber:fail user deny' }, 'quick')
    await flushPromises()
    expect(button.text()).toBe('获取实时手机号码')
  })

  it('turns into a retry that sends the same code, and reports its success', async () => {
    const { button, login, serve, sentTo } = await show({}, { phone: lost() })
    vi.useFakeTimers()
    await button.get('button').trigger('tap')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(login.canRetry.value).toBe(true)
    expect(button.get('button').text()).toBe('重试')

    serve('POST /v1/phone', ok({ member: bound }))
    await button.get('button').trigger('tap')
    await vi.advanceTimersByTimeAsync(0)
    expect(button.emitted('success')).toEqual([[bound]])
    expect(new Set(sentTo('POST /v1/phone').map((body) => body.phoneCode))).toEqual(new Set([phoneCode]))
  })

  it('shows what the service says, in both languages', async () => {
    const { button, press, login } = await show({}, { phone: problem('IDENTITY_CONFLICT', 'show-message') })
    await press()
    expect(button.text()).toContain('IDENTITY_CONFLICT 中文')
    login.language.value = 'en'
    await flushPromises()
    expect(button.text()).toContain('IDENTITY_CONFLICT english')
  })

  it('signs in again after signing out without asking for the number', async () => {
    const { button, login, serve, press, requestPhoneNumber } = await show({}, { member: bound })
    serve('DELETE /v1/session', { status: 204, body: '' })
    await login.signOut()
    await flushPromises()
    expect(button.get('button').text()).toBe('微信登录')
    await press()
    expect(button.text()).toBe('known')
    expect(requestPhoneNumber).not.toHaveBeenCalled()
  })

  it('says it in the words of the page', async () => {
    const { button, press } = await show(
      { texts: { denied: '没有号码就不能下单哦', quick: '用手机号下单' } },
      { sheet: async () => ({ errMsg: 'getPhoneNumber:fail user deny' }) },
    )
    expect(button.get('button').text()).toBe('用手机号下单')
    await press()
    expect(button.text()).toContain('没有号码就不能下单哦')
  })

  it('shows the support code with which an operator finds the login', async () => {
    const { button, press } = await show(
      {},
      { phone: problem('PHONE_UNREADABLE', 'use-fallback', { supportCode: '7K2M9QXA' }) },
    )
    await press()
    expect(button.text()).toContain('支持码 7K2M9QXA')
    expect(button.emitted('error')).toHaveLength(1)
    expect(button.get('[role="alert"]').text()).toContain('PHONE_UNREADABLE')
  })

  it('asks with the realtime component when the number has to be verified now', async () => {
    let consents = 0
    const { button, press, requestPhoneNumber, serve } = await show(
      {},
      {
        sheet: async () => ({ code: `${++consents}`.padStart(64, 'c') }),
        phone: problem('PHONE_VERIFICATION_REQUIRED', 'verify-number'),
      },
    )
    await press()
    expect(button.get('button').text()).toBe('获取实时手机号码')
    serve('POST /v1/phone', ok({ member: bound }))
    await press()
    expect(requestPhoneNumber.mock.calls.map(([component]) => component)).toEqual(['quick', 'realtime'])
    expect(button.emitted('success')).toEqual([[bound]])
  })

  it('offers to join two accounts by the ticket, with no further tap on a paid button', async () => {
    const merge = { ticket: 't'.repeat(20), expiresInS: 600, masked: null }
    const { button, press, serve, requestPhoneNumber } = await show(
      {},
      { phone: problem('IDENTITY_CONFLICT', 'resolve-conflict', { merge }) },
    )
    await press()
    serve('POST /v1/identity/merge', signedIn(bound, '2'))
    expect(button.get('button').text()).toBe('合并两个账号')
    await press()
    expect(button.emitted('success')).toEqual([[bound]])
    expect(requestPhoneNumber).toHaveBeenCalledOnce()
  })

  it('is not drawn when the service hides it, and offers the fallback', async () => {
    const { platform, serve } = createFakePlatform({ wechat: 'simulated' })
    serve(
      'POST /v1/login',
      ok({ ...(signedIn(unbound).body as object), components: { quick: false, realtime: true } }),
    )
    const login = createPhoneLogin({ baseUrl: 'http://login.test', appid: 'wx1', platform })
    const button = mount(PhoneLoginButton, {
      props: { fallback: 'none' },
      slots: { fallback: '<p>another way</p>' },
      global: { plugins: [login] },
    })
    await flushPromises()
    expect(button.find('button').exists()).toBe(false)
    expect(button.text()).toContain('another way')
  })

  it('works with a back end of your own, and holds the code while that one is away', async () => {
    const exchange = vi
      .fn()
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockResolvedValue({ phone: '138****8000', token: 't-1', id: 7 })
    const requestPhoneNumber = vi.fn<Sheet>(async () => ({ code: phoneCode }))
    const { platform } = createFakePlatform({ wechat: 'simulated', requestPhoneNumber })
    const login = createPhoneLogin({ appid: 'wx1', exchange, platform })
    const button = mount(PhoneLoginButton, { global: { plugins: [login] } })
    await flushPromises()
    await button.get('button').trigger('tap')
    await flushPromises()
    expect(button.get('button').text()).toBe('重试')
    await button.get('button').trigger('tap')
    await flushPromises()
    expect(exchange.mock.calls).toEqual(
      Array(2).fill([{ phoneCode, loginCode: 'login-code-1', component: 'quick' }]),
    )
    expect(requestPhoneNumber).toHaveBeenCalledOnce()
    expect(login.member.value).toMatchObject({ id: '7', phone: { bound: true, masked: '138****8000' } })
    expect(await login.accessToken()).toBe('t-1')
  })

  it('hands the codes to a page without any login, and waits for what becomes of them', async () => {
    const device = {
      user: 'a',
      ready: async () => undefined,
      login: async () => ({ code: 'login-code', errMsg: 'login:ok' }),
      requestPhoneNumber: async () => ({ code: phoneCode }),
    }
    vi.stubGlobal('uni', { getAppBaseInfo: () => ({ uniPlatform: 'web', language: 'zh' }) })
    window.haomaDevice = device
    const button = mount(PhoneLoginButton, { slots: { known: '<p>done</p>' } })
    await flushPromises()
    await button.get('button').trigger('tap')
    await flushPromises()
    const handed = button.emitted('code')?.[0]?.[0] as HandedCode
    expect(handed).toMatchObject({ phoneCode, loginCode: 'login-code', component: 'quick' })
    expect(button.get('button').attributes('disabled')).toBeDefined()
    handed.again('这个号码不能用')
    await flushPromises()
    expect(button.text()).toContain('这个号码不能用')
    expect(button.get('button').attributes('disabled')).toBeUndefined()
    delete window.haomaDevice
    vi.unstubAllGlobals()
  })

  it('is pressed by the keyboard where uni-app draws no real button', async () => {
    const { button } = await show()
    const pressed = vi.fn()
    const element = document.createElement('uni-button')
    element.setAttribute('role', 'button')
    element.addEventListener('click', pressed)
    document.body.append(element)
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    expect(pressed).toHaveBeenCalled()
    element.setAttribute('aria-disabled', 'true')
    pressed.mockClear()
    element.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }))
    expect(pressed).not.toHaveBeenCalled()
    expect(button.get('button').attributes()).toMatchObject({ role: 'button', tabindex: '0' })
  })
})
