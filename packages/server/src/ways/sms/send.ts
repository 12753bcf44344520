import type { ErrorCode, SmsSendRequest, SmsSendResponse } from '@haoma/protocol'
import type { PolicyOf } from '../../apps/app-policy.ts'
import type { Trace } from '../../journal/trace.ts'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { Logger } from '../../kernel/logger.ts'
import { isCountryAllowed, maskPhone, type ParsedNumber, readMobileNumber } from '../../numbers/e164.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { Database } from '../../stores/database.ts'
import type { SmsRequest } from '../../stores/sms-store.ts'
import { type Claim, createClaim } from './claim.ts'
import type { SmsCodes } from './codes.ts'
import { DAY_MS, needsCaptcha } from './number-history.ts'
import type { SmsPolicy } from './policy.ts'
import type { Refusal, SmsOutcome, SmsProvider } from './providers/provider.ts'

/** Who asks, as far as the service knows. */
export interface SmsCaller {
  ip?: string | undefined
  /** Where the journal learns of the request. */
  trace?: Trace | undefined
}

export interface SendSms {
  /**
   * Sends a code. The number's slot is claimed first, so that any number of requests at once send one SMS; whoever asked
   * from the same device meanwhile gets the same answer again. An SMS whose provider did not answer counts as sent.
   *
   * @throws {HaomaError} `UNKNOWN_APP`, `SMS_*`, `PHONE_COUNTRY_NOT_ALLOWED`, `RATE_LIMITED`.
   */
  send(request: SmsSendRequest, caller?: SmsCaller): Promise<SmsSendResponse>
}

export interface SendSmsParts {
  db: Database
  vault: PhoneVault
  codes: SmsCodes
  provider: SmsProvider
  policy: SmsPolicy
  policyOf: PolicyOf
  /** Whether the service serves the app. */
  hasApp(appid: string): Promise<boolean>
  /** Told how each sending went. */
  watch(outcome: string): void
  clock: Clock
  newId: NewId
  logger: Logger
}

/** What the user is told of a refusal of the provider's. */
const endings: Record<Refusal, ErrorCode> = {
  number: 'SMS_NUMBER_INVALID',
  country: 'PHONE_COUNTRY_NOT_ALLOWED',
  'too-often': 'RATE_LIMITED',
  quota: 'SMS_BUDGET_REACHED',
  blocked: 'SMS_SEND_FAILED',
  setup: 'SMS_SEND_FAILED',
  unreachable: 'SMS_SEND_FAILED',
}

export function createSendSms(parts: SendSmsParts): SendSms {
  const { db, vault, codes, provider, policy, policyOf, clock, logger } = parts
  const claim = createClaim(parts)

  const readNumber = ({ appid, phoneNumber, countryCallingCode = '86' }: SmsSendRequest): ParsedNumber => {
    const number = readMobileNumber(phoneNumber, countryCallingCode)
    if (!number) throw new HaomaError('SMS_NUMBER_INVALID')
    const app = policyOf(appid)
    const lists = [app.countries, app.sms.countries ?? policy.countries]
    if (!lists.every((countries) => isCountryAllowed(number.country, countries))) {
      throw new HaomaError('PHONE_COUNTRY_NOT_ALLOWED')
    }
    return number
  }

  const passCaptcha = async ({ appid, captcha }: SmsSendRequest, e164: string, ip: string | undefined) => {
    if (!policy.captcha) return
    const window = { nowMs: clock.now(), withinMs: DAY_MS }
    if (!needsCaptcha(await db.sms.look(vault.subjectsOf(e164), window), policy)) return
    try {
      if (captcha && (await policy.captcha.check(captcha, { appid, ip }))) return
    } catch (err) {
      logger.error({ err }, 'the captcha could not be checked')
    }
    throw new HaomaError('SMS_CAPTCHA_REQUIRED')
  }

  const ask = async (number: ParsedNumber, requestId: string, code: string): Promise<SmsOutcome> => {
    try {
      return await provider.send({
        requestId,
        e164: number.e164,
        nationalNumber: number.nationalNumber,
        countryCallingCode: number.countryCallingCode ?? '',
        code,
        lifeMinutes: Math.max(1, Math.floor(policy.codeLifeS / 60)),
      })
    } catch (err) {
      logger.error({ err, provider: provider.name }, 'the SMS provider failed; the SMS may have gone out')
      return { outcome: 'unknown', error: 'PROVIDER_THREW' }
    }
  }

  const settle = async ({ id, day }: Claim & { outcome: 'claimed' }, result: SmsOutcome) => {
    const state = result.outcome === 'refused' ? 'failed' : result.outcome
    const providerError = result.outcome === 'sent' ? null : result.error
    const providerRef = result.outcome === 'sent' ? result.ref : null
    await db.transaction(async (stores) => {
      await stores.sms.settle(id, { state, providerRef, providerError, nowMs: clock.now() })
      if (state === 'failed') await stores.sms.giveBack(day)
    })
  }

  /** The code is on its way, whatever becomes of this note of it. */
  const note = async (claimed: Claim & { outcome: 'claimed' }, result: SmsOutcome) => {
    parts.watch(result.outcome === 'refused' ? result.refusal : result.outcome)
    try {
      await settle(claimed, result)
    } catch (err) {
      logger.error({ err }, 'how an SMS went could not be written down')
    }
    if (result.outcome === 'sent') return
    const line = { provider: provider.name, providerError: result.error, smsRequestId: claimed.id }
    if (result.outcome === 'unknown')
      logger.warn(line, 'the SMS provider did not answer; the SMS may have gone out')
    else if (isForAdministrator(result.refusal))
      logger.error(line, 'the SMS provider refused: see docs/sms.md')
    else logger.info(line, 'the SMS provider refused')
  }

  const answerOf = (
    { id, createdAtMs, expiresAtMs }: AnsweredRequest,
    number: ParsedNumber,
    atMs: number,
  ) => ({
    requestId: id,
    expiresInS: secondsUntil(expiresAtMs, atMs),
    resendInS: secondsUntil(createdAtMs + policy.resendInS * 1000, atMs),
    codeLength: policy.codeLength,
    masked: maskPhone(number.e164),
  })

  return {
    send: async (request, { ip, trace } = {}) => {
      const { appid, client } = request
      if (!(await parts.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')
      if (policyOf(appid).sms.isOffered === false) throw new HaomaError('SMS_NOT_OFFERED')
      const number = readNumber(request)
      trace?.number(number.e164)
      await passCaptcha(request, number.e164, ip)

      const code = codes.issue(policy.codeLength)
      const claimed = await claim({ appid, e164: number.e164, code, ip, deviceId: client?.deviceId })
      if (claimed.outcome === 'repeated') return answerOf(claimed.request, number, claimed.atMs)
      if (claimed.outcome === 'wait') {
        throw new HaomaError('RATE_LIMITED', { retryAfterS: Math.ceil(claimed.waitMs / 1000) })
      }
      if (claimed.outcome === 'over-budget') throw new HaomaError('SMS_BUDGET_REACHED')

      const result = await ask(number, claimed.id, code)
      await note(claimed, result)
      if (result.outcome !== 'refused') return answerOf(claimed.request, number, claimed.request.createdAtMs)
      throw new HaomaError(endings[result.refusal], { retryAfterS: result.retryAfterS })
    },
  }
}

type AnsweredRequest = Pick<SmsRequest, 'id' | 'createdAtMs' | 'expiresAtMs'>

const secondsUntil = (ms: number, nowMs: number) => Math.max(0, Math.ceil((ms - nowMs) / 1000))

const isForAdministrator = (refusal: Refusal) =>
  refusal === 'setup' || refusal === 'quota' || refusal === 'unreachable'
