import { type AgeingCodes, createAgeingCodes } from './ageing-codes.ts'
import type { Clock } from './clock.ts'
import type { PhoneNumber } from './phone-numbers.ts'

export type PhoneComponent = 'quick' | 'realtime'

/** What `wx.login` hands to a page. */
export interface LoginCode {
  code: string
  appid: string
  openid: string
  user: string
  sessionKey: string
  bornAtMs: number
  usedAtMs: number | undefined
}

/** What a phone button hands to a page after consent. */
export interface PhoneCode {
  code: string
  appid: string
  openid: string
  user: string
  number: PhoneNumber
  component: PhoneComponent
  /** The tap, from which its five minutes run. */
  bornAtMs: number
  consentAtMs: number
  usedAtMs: number | undefined
}

// A used login code answers 40163 for as long as it lives, so none may be forgotten before that; a used
// phone code answers the same as an unknown one, so a few are enough for the log.
const USED_LOGIN_CODES_KEPT = 200_000
const USED_PHONE_CODES_KEPT = 2_000

export const createLoginCodes = (clock: Clock): AgeingCodes<LoginCode> =>
  createAgeingCodes<LoginCode>(clock, USED_LOGIN_CODES_KEPT)

export const createPhoneCodes = (clock: Clock): AgeingCodes<PhoneCode> =>
  createAgeingCodes<PhoneCode>(clock, USED_PHONE_CODES_KEPT)
