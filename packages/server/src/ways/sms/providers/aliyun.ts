import { randomUUID } from 'node:crypto'
import { aliyunRefusals } from './aliyun-refusals.ts'
import { signAcs3 } from './aliyun-signature.ts'
import { askProvider, textOf } from './answer.ts'
import type { SmsMessage, SmsOutcome, SmsProvider } from './provider.ts'
import { refusalOf } from './refusals.ts'
import { type AliyunSmsSettings, filledWith } from './settings.ts'
import type { CloudParts } from './tencent.ts'

const ENDPOINT = 'https://dysmsapi.aliyuncs.com'

/** @see https://help.aliyun.com/document_detail/419273.html */
export function createAliyunSms(settings: AliyunSmsSettings, { poster, clock }: CloudParts): SmsProvider {
  const { secretId, secretKey, endpoint = ENDPOINT } = settings
  const { host } = new URL(endpoint)

  const send = (message: SmsMessage) => {
    const body = formOf(fieldsFor(settings, message))
    const { headers } = signAcs3({
      accessKeyId: secretId,
      accessKeySecret: typeof secretKey === 'string' ? secretKey : secretKey.reveal(),
      query: '',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        host,
        'x-acs-action': 'SendSms',
        'x-acs-date': `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
        'x-acs-signature-nonce': randomUUID().replaceAll('-', ''),
        'x-acs-version': '2017-05-25',
      },
      body,
    })
    return poster.post(endpoint, { ...headers, accept: 'application/json' }, body)
  }
  return {
    name: 'aliyun',
    send: (message) =>
      settings.abroad === undefined && message.countryCallingCode !== '86'
        ? Promise.resolve({ outcome: 'refused', refusal: 'country', error: 'NO_TEMPLATE_ABROAD' })
        : askProvider(() => send(message), readAnswer),
  }
}

function fieldsFor(settings: AliyunSmsSettings, message: SmsMessage): Record<string, string> {
  const { templateParams = ['code'] } = settings
  const isAbroad = message.countryCallingCode !== '86'
  const { templateId, signName } = isAbroad ? (settings.abroad ?? settings) : settings
  const params = templateParams.map((param) => [param, filledWith(param, message)])
  return {
    OutId: message.requestId,
    PhoneNumbers: isAbroad ? message.e164.slice(1) : message.nationalNumber,
    ...(signName && { SignName: signName }),
    TemplateCode: templateId,
    TemplateParam: JSON.stringify(Object.fromEntries(params)),
  }
}

/** As RFC 3986 encodes it, which is what is signed. */
function formOf(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const HOUR_S = 3600
/** Aliyun tells in its text which of its windows is full. */
const windows = [
  { of: /分钟|minute/i, retryAfterS: 60 },
  { of: /小时|hour/i, retryAfterS: HOUR_S },
  { of: /天级|日|day/i, retryAfterS: 12 * HOUR_S },
]

function readAnswer(answer: Record<string, unknown>): SmsOutcome | undefined {
  const code = textOf(answer.Code)
  if (code === undefined) return undefined
  if (code === 'OK') return { outcome: 'sent', ref: textOf(answer.BizId) ?? null }
  const outcome = refusalOf(aliyunRefusals, code)
  if (outcome.outcome !== 'refused' || outcome.refusal !== 'too-often') return outcome
  const window = windows.find(({ of }) => of.test(textOf(answer.Message) ?? ''))
  return window ? { ...outcome, retryAfterS: window.retryAfterS } : outcome
}
