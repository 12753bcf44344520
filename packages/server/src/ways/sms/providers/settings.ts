import type { SecretInput } from '@haoma/wechat'
import type { SmsMessage, SmsProvider } from './provider.ts'

/** What a template's variables are filled with, in their order (Tencent) or by their names (Aliyun). */
export type TemplateParam = 'code' | 'minutes'

/** Numbers outside mainland China: they have templates of their own. */
export interface AbroadSettings {
  templateId: string
  /** Default is none: most countries take none. */
  signName?: string
}

interface CloudSettings {
  /** Tencent's SecretId, Aliyun's AccessKeyId. */
  secretId: string
  /** Tencent's SecretKey, Aliyun's AccessKeySecret. */
  secretKey: SecretInput
  /** The approved signature, without brackets. */
  signName: string
  /** The approved template, such as `1110` or `SMS_154950909`. */
  templateId: string
  /** Default is none: then only numbers of mainland China are sent to. */
  abroad?: AbroadSettings
  /** Default is the provider's own address. */
  endpoint?: string
}

export interface TencentSmsSettings extends CloudSettings {
  kind: 'tencent'
  /** SdkAppId of the SMS application, such as `1400006666`. */
  sdkAppId: string
  /** Default is `ap-guangzhou`. */
  region?: string
  /** Default is `['code', 'minutes']`: `{1}` and `{2}` of the usual template. */
  templateParams?: readonly TemplateParam[]
}

export interface AliyunSmsSettings extends CloudSettings {
  kind: 'aliyun'
  /** Default is `['code']`: `${code}` of the usual template. */
  templateParams?: readonly TemplateParam[]
}

/** Writes codes to the terminal. For development: refused with `NODE_ENV=production`. */
export interface ConsoleSmsSettings {
  kind: 'console'
  /** Default writes a line to standard output, past the logger. */
  print?: (text: string) => void
}

/** Who sends: a provider that is built in, or one of your own. */
export type SmsProviderSettings = TencentSmsSettings | AliyunSmsSettings | ConsoleSmsSettings | SmsProvider

export const filledWith = (param: TemplateParam, { code, lifeMinutes }: SmsMessage): string =>
  param === 'code' ? code : String(lifeMinutes)
