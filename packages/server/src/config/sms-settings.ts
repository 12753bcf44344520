import { createSecret } from '@haoma/wechat'
import { z } from 'zod'
import type { SmsOptions } from '../ways/sms/policy.ts'
import type { SmsProviderSettings } from '../ways/sms/providers/settings.ts'

const words = <const Word extends string>(known: readonly Word[]) =>
  z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .refine((found): found is Word[] => found.every((word) => (known as readonly string[]).includes(word)), {
      error: `应为 ${known.join('、')}，多个用逗号分隔 / must be ${known.join(' or ')}, comma-separated`,
    })

const accountText = z
  .string()
  .trim()
  .regex(/^[!-~]{16,128}$/, {
    error:
      '应为云平台给出的密钥，16 到 128 个字符 / must be the key that the provider gave, 16 to 128 characters',
  })

const templateId = z
  .string()
  .trim()
  .regex(/^(SMS_)?\d{1,32}$/, {
    error:
      '应为模板编号，如 1110 或 SMS_154950909 / must be the id of a template, such as 1110 or SMS_154950909',
  })

const count = z
  .string()
  .trim()
  .regex(/^\d{1,9}$/, { error: '应为非负整数 / must be a whole number' })
  .transform(Number)

/** The variables of the way in by SMS. */
export const smsVariables = {
  HAOMA_SMS_PROVIDER: z.enum(['tencent', 'aliyun', 'console'], {
    error: '应为 tencent、aliyun 或 console（仅开发） / must be tencent, aliyun, or console for development',
  }),
  HAOMA_SMS_SECRET_ID: accountText,
  HAOMA_SMS_SECRET_KEY: accountText.transform((text) => createSecret(text)),
  HAOMA_SMS_SDK_APP_ID: z
    .string()
    .trim()
    .regex(/^\d{4,16}$/, {
      error:
        '应为短信应用的 SdkAppId（数字） / must be the SdkAppId of the SMS application, which is a number',
    }),
  HAOMA_SMS_SIGN_NAME: z
    .string()
    .trim()
    .regex(/^[^【】[\]]{2,32}$/, {
      error: '应为已通过审核的签名，不含【】 / must be the approved signature, without brackets',
    }),
  HAOMA_SMS_TEMPLATE_ID: templateId,
  HAOMA_SMS_TEMPLATE_PARAMS: words(['code', 'minutes']),
  HAOMA_SMS_TEMPLATE_ID_ABROAD: templateId,
  HAOMA_SMS_COUNTRIES: z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .refine((codes) => codes.every((code) => /^[A-Z]{2}$/.test(code)), {
      error: '应为 ISO 国家代码，如 CN,HK / must be ISO country codes, such as CN,HK',
    }),
  HAOMA_SMS_BUDGET_A_DAY: count,
  HAOMA_SMS_ENDPOINT: z.string().refine((text) => /^https?:\/\/[^/?#]+$/.test(text), {
    error: '应为 http(s)://主机[:端口] / must be http(s)://host[:port]',
  }),
}

type SmsVariable = keyof typeof smsVariables
type SmsValues = { [Name in SmsVariable]?: z.output<(typeof smsVariables)[Name]> | undefined }
type Variables = Readonly<Record<string, string | undefined>>

const needed: Readonly<Record<string, readonly SmsVariable[]>> = {
  tencent: [
    'HAOMA_SMS_SECRET_ID',
    'HAOMA_SMS_SECRET_KEY',
    'HAOMA_SMS_SDK_APP_ID',
    'HAOMA_SMS_SIGN_NAME',
    'HAOMA_SMS_TEMPLATE_ID',
  ],
  aliyun: ['HAOMA_SMS_SECRET_ID', 'HAOMA_SMS_SECRET_KEY', 'HAOMA_SMS_SIGN_NAME', 'HAOMA_SMS_TEMPLATE_ID'],
  console: [],
}

/** What does not fit together, by variable. */
export function smsMisfits(set: Variables): { variable: string; expected: string }[] {
  const provider = set.HAOMA_SMS_PROVIDER
  const others = Object.keys(smsVariables).filter((name) => name !== 'HAOMA_SMS_PROVIDER' && set[name])
  if (provider === undefined) {
    if (others.length === 0) return []
    const expected = `设置了 ${others[0]}，还应写明 tencent 或 aliyun / must be tencent or aliyun beside ${others[0]}`
    return [{ variable: 'HAOMA_SMS_PROVIDER', expected }]
  }
  if (provider === 'console' && set.NODE_ENV === 'production') {
    const expected =
      'console 只用于开发，生产环境应为 tencent 或 aliyun / must be tencent or aliyun in production'
    return [{ variable: 'HAOMA_SMS_PROVIDER', expected }]
  }
  return (needed[provider] ?? [])
    .filter((name) => !set[name])
    .map((variable) => ({
      variable,
      expected: `使用 ${provider} 时不能为空，见 docs/sms.md / must be set with ${provider}, see docs/sms.md`,
    }))
}

/** The options, of variables that fit together. */
export function smsOptionsOf(values: SmsValues): SmsOptions | undefined {
  const provider = providerOf(values)
  if (!provider) return undefined
  const { HAOMA_SMS_COUNTRIES: countries, HAOMA_SMS_BUDGET_A_DAY: budgetADay } = values
  return { provider, ...(countries && { countries }), ...(budgetADay !== undefined && { budgetADay }) }
}

function providerOf(values: SmsValues): SmsProviderSettings | undefined {
  const kind = values.HAOMA_SMS_PROVIDER
  if (kind === undefined) return undefined
  if (kind === 'console') return { kind }
  const {
    HAOMA_SMS_SECRET_ID: secretId = '',
    HAOMA_SMS_SECRET_KEY: secretKey = '',
    HAOMA_SMS_SIGN_NAME: signName = '',
    HAOMA_SMS_TEMPLATE_ID: templateId = '',
    HAOMA_SMS_TEMPLATE_ID_ABROAD: templateIdAbroad,
    HAOMA_SMS_TEMPLATE_PARAMS: templateParams,
    HAOMA_SMS_ENDPOINT: endpoint,
  } = values
  const account = {
    secretId,
    secretKey,
    signName,
    templateId,
    ...(templateIdAbroad && { abroad: { templateId: templateIdAbroad } }),
    ...(templateParams && { templateParams }),
    ...(endpoint && { endpoint }),
  }
  return kind === 'tencent'
    ? { ...account, kind, sdkAppId: values.HAOMA_SMS_SDK_APP_ID ?? '' }
    : { ...account, kind }
}
