import { describe, expect, it } from 'vitest'
import { appid, bearer, createClient, startFixture } from '../../../test/support/fixture.ts'
import { useSmsService, wrong } from '../../../test/support/sms-service.ts'

const at = useSmsService()
const { send, login, codeOf, reopen, advance } = at

describe('sending a code', () => {
  it('gives a request to sign in with, and an SMS with six digits', async () => {
    const answer = await send()
    expect(answer).toMatchObject({
      status: 200,
      body: {
        requestId: expect.any(String),
        expiresInS: 300,
        resendInS: 60,
        codeLength: 6,
        masked: '138****8000',
      },
    })
    expect(at.providers.taken).toMatchObject([{ to: '+8613800138000', template: '1110' }])
    expect(codeOf()).toMatch(/^\d{6}$/)
    expect(await at.fixture.db.sms.find(answer.body.requestId)).toMatchObject({
      state: 'sent',
      providerRef: 'ref-1',
    })
  })

  it.each([
    ['in the full width of a Chinese keyboard', { phoneNumber: '１３８ ００１３ ８０００' }],
    ['with its country', { phoneNumber: '+86 138-0013-8000' }],
    ['with 0086', { phoneNumber: '008613800138000' }],
    ['beside its country', { countryCallingCode: '+86' }],
  ])('reads a number %s', async (_what, typed) => {
    expect((await send(typed)).body).toMatchObject({ masked: '138****8000' })
  })

  it.each([
    ['SMS_NUMBER_INVALID', { phoneNumber: '1380013' }],
    ['SMS_NUMBER_INVALID', { phoneNumber: '010-62345678' }],
    ['SMS_NUMBER_INVALID', { phoneNumber: 'hello' }],
    ['SMS_NUMBER_INVALID', { countryCallingCode: 'x' }],
    ['SMS_NUMBER_INVALID', { countryCallingCode: '999' }],
    ['SMS_NUMBER_INVALID', { countryCallingCode: '' }],
    ['PHONE_COUNTRY_NOT_ALLOWED', { phoneNumber: '+85261234567' }],
    ['UNKNOWN_APP', { appid: 'nobody' }],
  ])('answers %s to %j, and sends nothing', async (code, over) => {
    expect((await send(over)).body.code).toBe(code)
    expect(at.providers.asked()).toBe(0)
  })

  it('goes to the countries of the app, which may be more or fewer than those of the service', async () => {
    const abroad = { ...at.providers.tencent, abroad: { templateId: 'T2' } }
    await reopen({ provider: abroad, countries: ['CN', 'HK'] }, { countries: ['HK'] })
    expect((await send()).body.code).toBe('PHONE_COUNTRY_NOT_ALLOWED')
    expect((await send({ appid })).status).toBe(200)
    expect((await send({ phoneNumber: '61234567', countryCallingCode: '852' })).body.masked).toBe(
      '+852 6*****67',
    )
    await reopen({ provider: abroad }, { sms: { countries: ['CN', 'HK'] } })
    expect((await send({ phoneNumber: '+85261234568' })).status).toBe(200)
    expect((await send({ appid, phoneNumber: '+85261234569' })).body.code).toBe('PHONE_COUNTRY_NOT_ALLOWED')
  })

  it('is not offered where the app says so, nor without a provider', async () => {
    await reopen({}, { sms: { isOffered: false } })
    expect((await send()).body).toMatchObject({
      status: 404,
      code: 'SMS_NOT_OFFERED',
      action: 'show-message',
    })
    const plain = await startFixture()
    expect((await send({ appid }, plain)).body.code).toBe('SMS_NOT_OFFERED')
    expect((await plain.post('/v1/sms/login', { requestId: 'x', code: '123456' })).body.code).toBe(
      'SMS_NOT_OFFERED',
    )
    await plain.close()
  })
})

describe('the slot of a number', () => {
  it('is taken by one of many requests at once: one SMS', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => send({ client: { deviceId: `device-${i}xx` } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(429)])
    expect(at.providers.taken).toHaveLength(1)
  })

  it('gives the same device the same answer again, and nothing longer by it', async () => {
    const first = await send()
    await advance(20_000)
    const again = await send()
    expect(again.body).toMatchObject({ requestId: first.body.requestId, expiresInS: 280, resendInS: 40 })
    expect(at.providers.taken).toHaveLength(1)
    const other = await send({ client: { deviceId: 'device-0002' } })
    expect(other).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryAfterS: 40 } })
    expect((await send({ client: {} })).status).toBe(429)
    expect((await send({ appid })).status).toBe(429)
    await advance(41_000)
    expect((await send()).body.requestId).not.toBe(first.body.requestId)
    expect(at.providers.taken).toHaveLength(2)
    expect((await at.fixture.db.sms.find(first.body.requestId))?.expiresAtMs).toBeLessThanOrEqual(
      at.now() + 240_000,
    )
  })

  it('is free again at once after a refusal, which is not counted', async () => {
    await reopen({ anHour: 1, budgetADay: 1 })
    at.providers.next({ fail: 'LimitExceeded.PhoneNumberThirtySecondLimit' })
    const refused = await send()
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryAfterS: 30 } })
    expect((await send()).status).toBe(200)
    expect(at.providers.taken).toHaveLength(1)
  })

  it('stays taken when nobody knows what the provider did: it is not asked again by itself', async () => {
    at.providers.next({ drop: 'after' })
    const answer = await send()
    expect(answer.status).toBe(200)
    expect((await send({ client: {} })).status).toBe(429)
    expect(at.providers.asked()).toBe(1)
    expect(await at.fixture.db.sms.find(answer.body.requestId)).toMatchObject({
      state: 'unknown',
      providerError: 'NO_ANSWER',
    })
    expect((await login(answer.body.requestId, codeOf())).status).toBe(200)
  })
})

describe('limits', () => {
  it('hold for a number by the hour and by the day, whoever asks', async () => {
    await reopen({ anHour: 2, aDay: 3 })
    const ask = async (minutes: number) => {
      await advance(minutes * 60_000)
      return send({ client: { deviceId: `device-at-${minutes}` } })
    }
    expect((await ask(0)).status).toBe(200)
    expect((await ask(2)).status).toBe(200)
    const hour = await ask(2)
    expect(hour).toMatchObject({ status: 429, body: { retryAfterS: 56 * 60 } })
    expect((await ask(57)).status).toBe(200)
    const day = await ask(120)
    expect(day.status).toBe(429)
    expect(day.body.retryAfterS).toBeGreaterThan(20 * 3600)
    expect((await send({ phoneNumber: '13800138001' })).status).toBe(200)
  })

  it('hold for the budget of a day of Shanghai', async () => {
    await reopen({ budgetADay: 2 })
    for (const end of ['1', '2']) expect((await send({ phoneNumber: `1380013800${end}` })).status).toBe(200)
    const over = await send()
    expect(over).toMatchObject({ status: 503, body: { code: 'SMS_BUDGET_REACHED' } })
    expect(at.providers.taken).toHaveLength(2)
    const shanghaiMs = at.now() + 8 * 3_600_000
    await advance(86_400_000 - (shanghaiMs % 86_400_000) + 1000)
    expect((await send()).status).toBe(200)
  })

  it.each([
    ['sms.ip', { 'sms.ip': { points: 1, withinS: 60 } }],
    ['sms.device', { 'sms.device': { points: 1, withinS: 60 } }],
    ['sms.app', { 'sms.app': { points: 1, withinS: 60 } }],
  ])('hold for %s', async (name, limits) => {
    const limited = await startFixture({ limits, sms: { provider: at.providers.tencent } })
    const client = createClient(limited.haoma, { ip: '203.0.113.9' })
    expect((await send({ appid }, client)).status).toBe(200)
    expect((await send({ appid, phoneNumber: '13800138001' }, client)).status).toBe(429)
    const other = createClient(limited.haoma, { ip: '203.0.113.10' })
    const elsewhere = await send(
      { appid, phoneNumber: '13800138001', client: { deviceId: 'device-0002' } },
      other,
    )
    expect(elsewhere.status).toBe(name === 'sms.app' ? 429 : 200)
    await limited.close()
  })
})

describe('the captcha', () => {
  const check = (captcha: string) => captcha === 'solved'

  it('is asked for first, and nothing is sent without', async () => {
    await reopen({ captcha: { check } })
    expect((await send()).body).toMatchObject({ status: 428, code: 'SMS_CAPTCHA_REQUIRED' })
    expect((await send({ captcha: 'guessed' })).body.code).toBe('SMS_CAPTCHA_REQUIRED')
    expect(at.providers.asked()).toBe(0)
    expect((await send({ captcha: 'solved' })).status).toBe(200)
  })

  it('is asked for once a number was sent to so often, or a code of it was burnt', async () => {
    await reopen({ captcha: { check, freeADay: 2 } })
    for (let i = 0; i < 2; i += 1) {
      expect((await send()).status).toBe(200)
      await advance(61_000)
    }
    expect((await send()).body.code).toBe('SMS_CAPTCHA_REQUIRED')
    const other = { phoneNumber: '13800138001' }
    const { body } = await send(other)
    for (let i = 0; i < 5; i += 1) await login(body.requestId, wrong(codeOf()))
    await advance(61_000)
    expect((await send(other)).body.code).toBe('SMS_CAPTCHA_REQUIRED')
    expect((await send({ ...other, captcha: 'solved' })).status).toBe(200)
  })

  it('that cannot be checked lets nobody through', async () => {
    await reopen({
      captcha: {
        check: () => {
          throw new Error('captcha service away')
        },
      },
    })
    expect((await send({ captcha: 'solved' })).body.code).toBe('SMS_CAPTCHA_REQUIRED')
    expect(at.fixture.log()).toContain('captcha could not be checked')
  })
})

describe('a refusal of the provider', () => {
  it.each([
    ['InvalidParameterValue.IncorrectPhoneNumber', 422, 'SMS_NUMBER_INVALID'],
    ['LimitExceeded.AppCountryOrRegionInBlacklist', 422, 'PHONE_COUNTRY_NOT_ALLOWED'],
    ['FailedOperation.InsufficientBalanceInSmsPackage', 503, 'SMS_BUDGET_REACHED'],
    ['FailedOperation.PhoneNumberInBlacklist', 502, 'SMS_SEND_FAILED'],
    ['FailedOperation.TemplateIncorrectOrUnapproved', 502, 'SMS_SEND_FAILED'],
    ['AuthFailure.SignatureFailure', 502, 'SMS_SEND_FAILED'],
  ])('%s is told as %i %s, kept and counted', async (fail, status, code) => {
    at.providers.next({ fail })
    expect((await send()).body).toMatchObject({ status, code })
    const [request] = await at.fixture.db.sms.search({}, { limit: 1, nowMs: Date.now() })
    expect(request).toMatchObject({ state: 'failed', providerError: fail, codeDigest: null, slot: null })
    expect(at.fixture.log()).toContain(fail)
  })

  it('by a provider of one’s own that throws leaves open what was sent', async () => {
    const own = {
      name: 'own',
      send: () => {
        throw new Error('lost')
      },
    }
    await reopen({ provider: own })
    const { body, status } = await send()
    expect(status).toBe(200)
    expect(await at.fixture.db.sms.find(body.requestId)).toMatchObject({ state: 'unknown', provider: 'own' })
  })
})

it('is counted in the metrics by what became of it', async () => {
  const metricsToken = 'metrics-token-0001'
  const measured = await startFixture({ metricsToken, sms: { provider: at.providers.tencent } })
  at.providers.next({ fail: 'FailedOperation.PhoneNumberInBlacklist' }, { drop: 'after' })
  for (const end of '123') await send({ appid, phoneNumber: `1380013800${end}` }, measured)
  const { body } = await measured.get('/metrics', bearer(metricsToken))
  for (const outcome of ['blocked', 'unknown', 'sent']) {
    expect(body).toContain(`haoma_sms_total{provider="tencent",outcome="${outcome}"} 1`)
  }
  await measured.close()
})
