import type { Clock } from '../../../kernel/clock.ts'
import { askProvider, fieldsOf, textOf } from './answer.ts'
import type { Poster } from './post.ts'
import type { SmsMessage, SmsOutcome, SmsProvider } from './provider.ts'
import { refusalOf } from './refusals.ts'
import { filledWith, type TencentSmsSettings } from './settings.ts'
import { tencentRefusals } from './tencent-refusals.ts'
import { signTc3 } from './tencent-signature.ts'

const ENDPOINT = 'https://sms.tencentcloudapi.com'

export interface CloudParts {
  poster: Poster
  clock: Clock
}

/** @see https://cloud.tencent.com/document/api/382/55981 */
export function createTencentSms(settings: TencentSmsSettings, { poster, clock }: CloudParts): SmsProvider {
  const { secretId, secretKey, endpoint = ENDPOINT, region = 'ap-guangzhou' } = settings
  const { host } = new URL(endpoint)

  const send = (message: SmsMessage) => {
    const body = JSON.stringify(requestOf(settings, message))
    const headers = { 'content-type': 'application/json; charset=utf-8', host, 'x-tc-action': 'SendSms' }
    const timestampS = Math.floor(clock.now() / 1000)
    const { authorization } = signTc3({
      secretId,
      secretKey: typeof secretKey === 'string' ? secretKey : secretKey.reveal(),
      service: 'sms',
      headers: { ...headers, 'x-tc-action': 'sendsms' },
      body,
      timestampS,
    })
    return poster.post(
      endpoint,
      {
        ...headers,
        authorization,
        'x-tc-timestamp': String(timestampS),
        'x-tc-version': '2021-01-11',
        'x-tc-region': region,
      },
      body,
    )
  }
  return {
    name: 'tencent',
    send: (message) =>
      settings.abroad === undefined && message.countryCallingCode !== '86'
        ? Promise.resolve({ outcome: 'refused', refusal: 'country', error: 'NO_TEMPLATE_ABROAD' })
        : askProvider(() => send(message), readAnswer),
  }
}

function requestOf(settings: TencentSmsSettings, message: SmsMessage) {
  const { templateParams = ['code', 'minutes'] } = settings
  const isAbroad = message.countryCallingCode !== '86'
  const { templateId, signName } = isAbroad ? (settings.abroad ?? settings) : settings
  return {
    PhoneNumberSet: [message.e164],
    SmsSdkAppId: settings.sdkAppId,
    TemplateId: templateId,
    ...(signName && { SignName: signName }),
    TemplateParamSet: templateParams.map((param) => filledWith(param, message)),
  }
}

/** One number was asked for, so one status is in the answer; a status of 200 says nothing of it. */
function readAnswer(answer: Record<string, unknown>): SmsOutcome | undefined {
  const response = fieldsOf(answer.Response)
  const failure = textOf(fieldsOf(response.Error).Code)
  if (failure) return refusalOf(tencentRefusals, failure)
  const [first] = Array.isArray(response.SendStatusSet) ? response.SendStatusSet : []
  const { Code, SerialNo } = fieldsOf(first)
  const code = textOf(Code)
  if (code === undefined) return undefined
  return code === 'Ok' ? { outcome: 'sent', ref: textOf(SerialNo) ?? null } : refusalOf(tencentRefusals, code)
}
