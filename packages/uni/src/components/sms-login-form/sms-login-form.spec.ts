import { createPhoneLogin } from '@haoma/uni'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { bound, createFakePlatform, ok, signedIn } from '../../../test/fake-platform.ts'
import PhoneLoginButton from '../phone-login-button/phone-login-button.vue'
import SmsLoginForm from './sms-login-form.vue'

const sent = { requestId: 'r1', expiresInS: 300, resendInS: 60, codeLength: 6, masked: '138****8000' }

async function show(name: string, props: object = {}) {
  const fake = createFakePlatform({ wechat: 'none', name })
  fake.serve('POST /v1/sms/send', ok(sent))
  fake.serve('POST /v1/sms/login', signedIn(bound))
  fake.serve('DELETE /v1/session', { status: 204, body: '' })
  const login = createPhoneLogin({ baseUrl: 'http://login.test', appid: 'wx1', platform: fake.platform })
  const button = mount(PhoneLoginButton, { props, global: { plugins: [login] } })
  await flushPromises()
  return { ...fake, login, button, form: button.findComponent(SmsLoginForm) }
}

/** An event of uni-app's `input`, which keeps its value in the detail. */
const type = async (field: { trigger(name: string, options: object): Promise<void> }, value: string) => {
  await field.trigger('input', { detail: { value } })
  await flushPromises()
}

it('is the way in where there is no WeChat, and signs in by paste alone', async () => {
  const { button, form, sentTo } = await show('h5')
  const [, number, code] = form.findAll('input')
  await type(number as never, '+86 138-0013-8000')
  await form.get('.haoma-send').trigger('tap')
  await flushPromises()
  expect(form.text()).toContain('138****8000')
  expect(form.get('.haoma-send').text()).toBe('重新获取 (60)')
  await type(code as never, '【号码】验证码 123456')
  expect(sentTo('POST /v1/sms/login')).toEqual([{ requestId: 'r1', code: '123456' }])
  expect(button.emitted('success')).toEqual([[bound]])
})

it('names its fields, fills in codes from messages, and reads its errors out', async () => {
  const { form } = await show('h5')
  const [country, number, code] = form.findAll('input')
  expect(country?.attributes()).toMatchObject({ 'aria-label': '国家/地区代码' })
  expect(number?.attributes()).toMatchObject({ 'aria-label': '手机号', inputmode: 'tel' })
  expect(code?.attributes()).toMatchObject({ 'aria-label': '短信验证码', 'text-content-type': 'oneTimeCode' })
  await form.get('.haoma-send').trigger('tap')
  await flushPromises()
  const alert = form.get('[role="alert"]')
  expect(alert.text()).toBe('请填写手机号。')
  expect(number?.attributes()).toMatchObject({
    'aria-invalid': 'true',
    'aria-describedby': alert.attributes('id'),
  })
})

it('says on other mini programs what they do not have', async () => {
  const { button, form } = await show('mp-alipay')
  expect(button.text()).toContain('微信手机号登录只能在微信小程序中使用')
  expect(form.exists()).toBe(true)
})

it('is not offered to change a number: it would sign in as whoever has that number', async () => {
  const { form } = await show('h5', { rebind: true })
  expect(form.exists()).toBe(false)
})

it('is there again after signing out', async () => {
  const { login, button } = await show('h5')
  await login.signInBySms({ requestId: 'r1', code: '123456' })
  await flushPromises()
  expect(button.findComponent(SmsLoginForm).exists()).toBe(false)
  await login.signOut()
  await flushPromises()
  expect(button.findComponent(SmsLoginForm).exists()).toBe(true)
})
