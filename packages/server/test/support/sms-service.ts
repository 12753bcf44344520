import { afterEach, beforeEach } from 'vitest'
import type { AppPolicy } from '../../src/apps/app-policy.ts'
import type { SmsOptions } from '../../src/ways/sms/policy.ts'
import { type Answer, type Fixture, type FixtureOptions, startFixture } from './fixture.ts'
import { apps } from './simulated-wechat.ts'
import { type SmsProviders, startSmsProviders } from './sms-providers.ts'

/** An app without WeChat. */
export const h5 = 'shop-h5'
export const number = '13800138000'
export const device = { deviceId: 'device-0001' }

/** A service with the stand-in of the providers behind it, anew for every test. */
export interface SmsService {
  fixture: Fixture
  providers: SmsProviders
  /** The service anew, with other settings. */
  reopen(sms: Partial<SmsOptions>, policy?: AppPolicy, more?: FixtureOptions): Promise<void>
  /** The time by the clocks of service and providers. */
  now(): number
  /** Moves every clock. */
  advance(ms: number): Promise<void>
  send(over?: object, from?: Pick<Fixture, 'post'>): Promise<Answer>
  /** A code that went out; the last one by default. */
  codeOf(nth?: number): string
  login(requestId: string, code: string, over?: object, headers?: Record<string, string>): Promise<Answer>
  /** Both calls, with the right code. */
  signIn(over?: object): Promise<Answer>
}

export function useSmsService(): SmsService {
  const at = {} as SmsService
  let aheadMs = 0
  const open = (sms: Partial<SmsOptions> = {}, policy: AppPolicy = {}, more: FixtureOptions = {}) =>
    startFixture({
      apps: [...Object.values(apps), { appid: h5, kind: 'h5', policy }],
      sms: { provider: at.providers.tencent, timeoutMs: 500, ...sms },
      ...more,
    })
  beforeEach(async () => {
    aheadMs = 0
    at.providers = await startSmsProviders({ now: () => Date.now() + aheadMs })
    at.fixture = await open()
  })
  afterEach(async () => {
    await at.fixture.close()
    await at.providers.close()
  })
  at.reopen = async (...settings) => {
    await at.fixture.close()
    at.fixture = await open(...settings)
  }
  at.now = () => Date.now() + aheadMs
  at.advance = async (ms) => {
    aheadMs += ms
    await at.fixture.advance(ms)
  }
  at.send = (over = {}, from = at.fixture) =>
    from.post('/v1/sms/send', { appid: h5, phoneNumber: number, client: device, ...over })
  at.codeOf = (nth = -1) => at.providers.taken.at(nth)?.values[0] ?? ''
  at.login = (requestId, code, over = {}, headers = {}) =>
    at.fixture.post('/v1/sms/login', { requestId, code, client: device, ...over }, headers)
  at.signIn = async (over = {}) => {
    const { body } = await at.send(over)
    return at.login(body.requestId, at.codeOf())
  }
  return at
}

/** Another code than this one. */
export const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
