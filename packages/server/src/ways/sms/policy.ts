import type { SmsProviderSettings } from './providers/settings.ts'

/** Checks that a person asks, and not a program: Tencent's, Aliyun's or anybody's captcha. */
export interface CaptchaPolicy {
  /**
   * Whether the token is good. Throwing counts as no.
   *
   * @param captcha - What the client sent as `captcha`.
   */
  check(captcha: string, about: { appid: string; ip: string | undefined }): boolean | Promise<boolean>
  /** So many codes a day go to a number without one, as long as none of them was burnt by wrong tries. Default is 0. */
  freeADay?: number
}

/** The way in by SMS. */
export interface SmsOptions {
  /** Who sends. */
  provider: SmsProviderSettings
  /** Digits of a code, 4 to 6. Default is 6. */
  codeLength?: number
  /** Life of a code, in seconds. Asking again lengthens it by nothing. Default is 300 (5 minutes). */
  codeLifeS?: number
  /** Until the next code may be sent to a number, in seconds. Default is 60. */
  resendInS?: number
  /** Codes an hour to one number. Default is 5. */
  anHour?: number
  /** Codes in 24 hours to one number. Default is 10. */
  aDay?: number
  /** Codes a day (Asia/Shanghai) in all; then SMS is off until the next. Default is 1000. */
  budgetADay?: number
  /** ISO 3166 codes of countries that are sent to; an app may have a list of its own. Default is `['CN']`. */
  countries?: readonly string[]
  /** Default is none. */
  captcha?: CaptchaPolicy
  /** The longest that the provider may take, in milliseconds; afterwards nobody knows what it did. Default is 8000. */
  timeoutMs?: number
}

export type SmsPolicy = Required<Omit<SmsOptions, 'provider' | 'captcha'>> & Pick<SmsOptions, 'captcha'>

export const smsDefaults = {
  codeLength: 6,
  codeLifeS: 300,
  resendInS: 60,
  anHour: 5,
  aDay: 10,
  budgetADay: 1000,
  countries: ['CN'],
  timeoutMs: 8000,
} as const satisfies SmsPolicy

/** Codes that may be entered for one request, right and wrong. */
export const TRIES = 5
