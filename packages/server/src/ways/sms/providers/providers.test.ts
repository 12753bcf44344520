import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NextSms, type SmsProviders, startSmsProviders } from '../../../../test/support/sms-providers.ts'
import { createAliyunSms } from './aliyun.ts'
import { aliyunRefusals } from './aliyun-refusals.ts'
import { ConsoleSmsError, createConsoleSms } from './console.ts'
import { createPoster, type Poster } from './post.ts'
import type { SmsMessage } from './provider.ts'
import { findRefusal } from './refusals.ts'
import type { TencentSmsSettings } from './settings.ts'
import { createTencentSms } from './tencent.ts'
import { tencentRefusals } from './tencent-refusals.ts'

let providers: SmsProviders
let poster: Poster
beforeEach(async () => {
  providers = await startSmsProviders()
  poster = createPoster(500)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await poster.close()
  await providers.close()
})

const message: SmsMessage = {
  requestId: 'r1',
  e164: '+8613800138000',
  nationalNumber: '13800138000',
  countryCallingCode: '86',
  code: '437012',
  lifeMinutes: 5,
}
const abroad: SmsMessage = {
  ...message,
  e164: '+85261234567',
  nationalNumber: '61234567',
  countryCallingCode: '852',
}

type Changes = Partial<Omit<TencentSmsSettings, 'kind'>>

const makers = {
  tencent: (changes: Changes = {}, clockMs = () => Date.now()) =>
    createTencentSms({ ...providers.tencent, ...changes }, { poster, clock: { now: clockMs } }),
  aliyun: (changes: Changes = {}, clockMs = () => Date.now()) =>
    createAliyunSms({ ...providers.aliyun, ...changes }, { poster, clock: { now: clockMs } }),
}
const names = ['tencent', 'aliyun'] as const

describe.each(names)('%s', (name) => {
  const send = (changes?: Changes, what = message) => makers[name](changes).send(what)

  it('takes an SMS with the template filled in its own way', async () => {
    expect(await send()).toEqual({ outcome: 'sent', ref: 'ref-1' })
    expect(await send({ templateParams: ['minutes', 'code'] })).toMatchObject({ outcome: 'sent' })
    const [first, second] = providers.taken
    expect(first).toMatchObject({ provider: name, signName: '号码' })
    expect(first?.to).toBe(name === 'tencent' ? '+8613800138000' : '13800138000')
    expect(first?.values).toEqual(name === 'tencent' ? ['437012', '5'] : ['437012'])
    expect(second?.values).toEqual(['5', '437012'])
  })

  it('takes a number abroad with the template for it, and without one none', async () => {
    expect(await send({}, abroad)).toEqual({
      outcome: 'refused',
      refusal: 'country',
      error: 'NO_TEMPLATE_ABROAD',
    })
    expect(providers.asked()).toBe(0)
    await send({ abroad: { templateId: 'T2' } }, abroad)
    expect(providers.taken).toMatchObject([
      { to: name === 'tencent' ? '+85261234567' : '85261234567', template: 'T2', signName: undefined },
    ])
  })

  it('refuses a wrong key and a clock that is off, for an administrator to mend', async () => {
    for (const sent of [
      send({ secretKey: 'x' }),
      send({ secretId: 'x' }),
      makers[name]({}, () => Date.now() - 10 * 60_000).send(message),
    ]) {
      expect(await sent).toMatchObject({ outcome: 'refused', refusal: 'setup' })
    }
    expect(providers.taken).toEqual([])
  })

  it.each<[string, NextSms]>([
    ['drops the connection before it sends', { drop: 'before' }],
    ['drops the connection after it sent', { drop: 'after' }],
    ['does not answer in time', { hold: new Promise(() => {}) }],
    ['answers with a page', { status: 502, text: '<html>Bad Gateway</html>' }],
    ['answers with nothing', { status: 200, text: '' }],
    ['answers with other JSON', { status: 200, text: '[1]' }],
  ])('is asked once, and nobody knows what it did, when it %s', async (_what, next) => {
    providers.next(next)
    expect(await send()).toMatchObject({ outcome: 'unknown' })
    expect(providers.asked()).toBe(1)
  })

  it('that cannot be reached has sent nothing', async () => {
    expect(await send({ endpoint: 'http://127.0.0.1:9' })).toEqual({
      outcome: 'refused',
      refusal: 'unreachable',
      error: 'UNREACHABLE',
    })
  })
})

describe('a code of error', () => {
  const failing = async (name: 'tencent' | 'aliyun', fail: string, text = '') => {
    providers.next({ fail, message: text })
    return makers[name]().send(message)
  }

  it.each([
    ['tencent', 'InvalidParameterValue.IncorrectPhoneNumber', 'number'],
    ['tencent', 'LimitExceeded.PhoneNumberThirtySecondLimit', 'too-often'],
    ['tencent', 'LimitExceeded.PhoneNumberDailyLimit', 'too-often'],
    ['tencent', 'RequestLimitExceeded.UinLimitExceeded', 'too-often'],
    ['tencent', 'LimitExceeded.AppCountryOrRegionInBlacklist', 'country'],
    ['tencent', 'LimitExceeded.AppDailyLimit', 'quota'],
    ['tencent', 'FailedOperation.InsufficientBalanceInSmsPackage', 'quota'],
    ['tencent', 'UnauthorizedOperation.SerivceSuspendDueToArrears', 'quota'],
    ['tencent', 'FailedOperation.PhoneNumberInBlacklist', 'blocked'],
    ['tencent', 'FailedOperation.SignatureIncorrectOrUnapproved', 'setup'],
    ['tencent', 'FailedOperation.TemplateIncorrectOrUnapproved', 'setup'],
    ['tencent', 'UnauthorizedOperation.RequestIpNotInWhitelist', 'setup'],
    ['tencent', 'SomethingNew.OfTomorrow', 'blocked'],
    ['aliyun', 'isv.MOBILE_NUMBER_ILLEGAL', 'number'],
    ['aliyun', 'isv.BUSINESS_LIMIT_CONTROL', 'too-often'],
    ['aliyun', 'Throttling.User', 'too-often'],
    ['aliyun', 'isv.AMOUNT_NOT_ENOUGH', 'quota'],
    ['aliyun', 'isv.DAY_LIMIT_CONTROL', 'quota'],
    ['aliyun', 'isv.SMS_SIGNATURE_ILLEGAL', 'setup'],
    ['aliyun', 'isv.SMS_TEMPLATE_ILLEGAL', 'setup'],
    ['aliyun', 'isv.DENY_IP_RANGE', 'setup'],
    ['aliyun', 'isp.RAM_PERMISSION_DENY', 'setup'],
    ['aliyun', 'isv.NOT_SUPPORTED_COUNTRY', 'country'],
    ['aliyun', 'isv.SOMETHING_NEW', 'blocked'],
  ] as const)('of %s, %s, is a refusal of the kind %s', async (name, code, refusal) => {
    expect(await failing(name, code)).toMatchObject({ outcome: 'refused', refusal, error: code })
  })

  it.each([
    ['tencent', 'InternalError.SendAndRecvFail'],
    ['aliyun', 'isp.SYSTEM_ERROR'],
    ['aliyun', 'ServiceUnavailable'],
  ] as const)('of %s, %s, leaves open what was sent', async (name, code) => {
    expect(await failing(name, code)).toEqual({ outcome: 'unknown', error: code })
  })

  it.each([
    ['触发分钟级流控Permits:1', 60],
    ['触发小时级流控Permits:5', 3600],
    ['触发天级流控Permits:10', 43_200],
    ['', 60],
  ])('of Aliyun tells by %j how long to wait', async (text, retryAfterS) => {
    expect(await failing('aliyun', 'isv.BUSINESS_LIMIT_CONTROL', text)).toMatchObject({ retryAfterS })
  })

  it('has a text in both languages that says what to do', () => {
    for (const { text } of [...tencentRefusals, ...aliyunRefusals]) {
      expect(text.zh).toMatch(/\p{Script=Han}.*。$/u)
      expect(text.en).toMatch(/^[A-Z].*\.$/)
    }
    expect(findRefusal(tencentRefusals, 'never seen').text.en).toContain('console')
  })
})

describe('the console provider', () => {
  it('prints the code, and not the whole number', async () => {
    const printed: string[] = []
    await createConsoleSms({ print: (text) => void printed.push(text) }).send(message)
    expect(printed.join()).toContain('437012')
    expect(printed.join()).toContain('138****8000')
    expect(printed.join()).not.toContain('13800138000')
  })

  it('is refused in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => createConsoleSms()).toThrow(ConsoleSmsError)
  })
})
