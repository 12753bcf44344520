import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bound, createFakePlatform, lost, ok, problem, signedIn } from '../test/fake-platform.ts'
import { createLogin } from './login.ts'
import { createSmsForm, readNumber } from './sms-form.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const sent = { requestId: 'r1', expiresInS: 300, resendInS: 60, codeLength: 6, masked: '138****8000' }

function open(options: { captcha?: () => Promise<string> } = {}) {
  const fake = createFakePlatform({ wechat: 'none' })
  const login = createLogin({
    appid: 'wx1',
    baseUrl: 'http://login.test',
    platform: fake.platform,
    telemetry: false,
    ...options,
  })
  fake.serve('POST /v1/sms/send', ok(sent))
  fake.serve('POST /v1/sms/login', signedIn(bound))
  const form = createSmsForm(login, () => undefined)
  const ask = () => {
    form.setNumber('13800138000')
    return form.send()
  }
  return { ...fake, login, form, ask }
}

describe('the number', () => {
  it.each([
    ['13800138000', '86', '13800138000'],
    ['138-0013 8000', '86', '13800138000'],
    ['１３８００１３８０００', '86', '13800138000'],
    ['+86 138 0013 8000', '86', '13800138000'],
    ['+8613800138000', '86', '13800138000'],
    ['0086 13800138000', '86', '13800138000'],
    ['+852 5123 4567', '852', '51234567'],
    ['+1 (202) 555-0123', '1', '2025550123'],
    ['+85251234567', '86', '+85251234567'],
  ])('%s is read as +%s %s', (pasted, country, number) => {
    expect(readNumber(pasted, '86')).toEqual({ country, number })
  })

  it('goes to the service with its country, whole when it names its own', async () => {
    const { form, sentTo } = open()
    form.setCountry('852')
    form.setNumber('51234567')
    await form.send()
    expect(sentTo('POST /v1/sms/send')).toEqual([
      { appid: 'wx1', phoneNumber: '51234567', countryCallingCode: '852' },
    ])
    await vi.advanceTimersByTimeAsync(60_000)
    form.setNumber('+8613800138000')
    await form.send()
    expect(sentTo('POST /v1/sms/send')[1]).toEqual({ appid: 'wx1', phoneNumber: '+8613800138000' })
  })

  it('is asked for before anything is sent', async () => {
    const { form, requests } = open()
    await form.send()
    expect(form.read()).toMatchObject({ wrong: 'number', error: '请填写手机号。' })
    expect(requests).toEqual([])
  })
})

describe('the code', () => {
  it('may be asked for again only after the wait that the service names', async () => {
    const { form, ask, sentTo } = open()
    await ask()
    expect(form.read()).toMatchObject({ waitS: 60, sentTo: '138****8000', isSending: false })
    await form.send()
    await vi.advanceTimersByTimeAsync(59_000)
    expect(form.read().waitS).toBe(1)
    await form.send()
    expect(sentTo('POST /v1/sms/send')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(form.read().waitS).toBe(0)
    await form.send()
    expect(sentTo('POST /v1/sms/send')).toHaveLength(2)
  })

  it('waits as long as the service says when it asks too often', async () => {
    const { form, ask, serve } = open()
    serve('POST /v1/sms/send', problem('RATE_LIMITED', 'retry', { retryAfterS: 42 }))
    await ask()
    expect(form.read()).toMatchObject({ waitS: 42, wrong: 'number', error: 'RATE_LIMITED 中文' })
  })

  it.each([
    ['123456'],
    ['１２３４５６'],
    ['123 456'],
    ['【号码】验证码 123456，5 分钟内有效。'],
    ['Your code is 123456 (valid for 300 s)'],
  ])('signs in as soon as it is whole: %s', async (pasted) => {
    const { form, ask, login, sentTo } = open()
    await ask()
    expect(await form.setCode(pasted)).toBe(true)
    expect(sentTo('POST /v1/sms/login')).toEqual([{ requestId: 'r1', code: '123456' }])
    expect(login.read()).toMatchObject({ status: 'bound', member: bound })
  })

  it('is sent once while its answer is awaited', async () => {
    const { form, ask, serve, sentTo } = open()
    await ask()
    serve('POST /v1/sms/login', new Promise(() => undefined))
    void form.setCode('123456')
    void form.submit()
    await vi.advanceTimersByTimeAsync(0)
    expect(sentTo('POST /v1/sms/login')).toHaveLength(1)
    expect(form.read().isChecking).toBe(true)
  })

  it('that is wrong is taken out of the field, and another one goes to the same request', async () => {
    const { form, ask, serve, sentTo } = open()
    await ask()
    serve('POST /v1/sms/login', problem('SMS_CODE_WRONG', 'show-message'), signedIn(bound))
    expect(await form.setCode('000000')).toBe(false)
    expect(form.read()).toMatchObject({ code: '', wrong: 'code', error: 'SMS_CODE_WRONG 中文' })
    expect(await form.setCode('123456')).toBe(true)
    expect(sentTo('POST /v1/sms/login').map((body) => (body as { requestId?: string }).requestId)).toEqual([
      'r1',
      'r1',
    ])
  })

  it('that is over asks for a new one before it is sent again', async () => {
    const { form, ask, serve, sentTo } = open()
    await ask()
    serve('POST /v1/sms/login', problem('SMS_CODE_OVER', 'show-message'))
    await form.setCode('000000')
    await form.setCode('111111')
    await form.submit()
    expect(sentTo('POST /v1/sms/login')).toHaveLength(1)
    expect(form.read().error).toBe('请先获取验证码，再填写收到的数字。')
  })

  it('can be sent again when its answer was lost', async () => {
    const { form, ask, serve } = open()
    await ask()
    serve('POST /v1/sms/login', lost('network'), signedIn(bound))
    expect(await form.setCode('123456')).toBe(false)
    expect(form.read()).toMatchObject({ code: '123456', isChecking: false })
    expect(await form.submit()).toBe(true)
  })
})

it('has a captcha solved when the service asks for one, once', async () => {
  const captcha = vi.fn(async () => 'solved')
  const { ask, serve, sentTo, form } = open({ captcha })
  serve('POST /v1/sms/send', problem('SMS_CAPTCHA_REQUIRED', 'show-message'), ok(sent))
  await ask()
  expect(captcha).toHaveBeenCalledOnce()
  expect(sentTo('POST /v1/sms/send')[1]).toMatchObject({ captcha: 'solved' })
  expect(form.read().sentTo).toBe('138****8000')
})

it('speaks English to a page that does', async () => {
  const { form, login } = open()
  login.setLanguage('en')
  await form.submit()
  expect(form.read().error).toBe('Enter your phone number.')
})
