/** A number as `getuserphonenumber` and the legacy decryption give it. */
export interface RawPhoneNumber {
  readonly phoneNumber?: unknown
  readonly purePhoneNumber?: unknown
  readonly countryCode?: unknown
}

/** A number in one form, whatever form it came in. */
export interface PhoneNumber {
  /** `+` and digits only: `+8613580006666`. */
  readonly e164: string
  /** Without country calling code: `13580006666`. */
  readonly nationalNumber: string
  /** Without `+`: `86`. */
  readonly countryCallingCode: string
}

/** The digits of a number, and whether a `+` or `00` before them says that they begin with a country calling code. */
interface Digits {
  readonly digits: string
  readonly isInternational: boolean
}

/**
 * The calling code at the beginning of an international number: one or two digits where these are given out, else three.
 *
 * @see https://www.itu.int/pub/T-SP-E.164D
 */
const callingCode = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)/

/** Where a 0 at the beginning is part of the number and not the prefix of calls within the country. */
const zeroIsDialled: ReadonlySet<string> = new Set(['39', '225', '242', '378'])

const mainland = '86'

/**
 * Joins a number, in every form that can be read: `countryCode` comes as text or as a number, with `+`, zeros, a hyphen
 * or an area in it, or not at all; a number with or without its country, `+`, `00` or the 0 of calls within a country.
 *
 * @returns `undefined` when the fields hold no number, or hold numbers of two countries
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html
 */
export function toPhoneNumber(raw: RawPhoneNumber): PhoneNumber | undefined {
  const { purePhoneNumber, countryCode } = raw
  // Nearly all of them.
  if (countryCode === mainland && typeof purePhoneNumber === 'string' && /^1\d{10}$/.test(purePhoneNumber)) {
    return { e164: `+86${purePhoneNumber}`, nationalNumber: purePhoneNumber, countryCallingCode: mainland }
  }
  const whole = readDigits(raw.phoneNumber)
  const pure = readDigits(purePhoneNumber) ?? whole
  const country = readDigits(countryCode ?? '')
  if (pure === undefined || country === undefined) return undefined
  const given = country.digits.replace(/^0+/, '')
  const code = given === '' ? guessCountry(pure, whole) : given
  if (code === undefined || code.length > 4) return undefined
  const national = withoutCountry(pure, whole, code)
  return national === undefined ? undefined : joined(code, national)
}

/** `undefined` for what is no number; no digits for a text that is empty. */
function readDigits(value: unknown): Digits | undefined {
  const isRead = typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
  const text = isRead
    ? String(value)
        .normalize('NFKC')
        .replace(/[\s()-]/g, '')
    : undefined
  if (text === undefined || !/^\+?\d*$/.test(text)) return undefined
  const digits = text.replace(/^(\+|00)/, '')
  return digits === '' && value !== '' ? undefined : { digits, isInternational: digits !== text }
}

// A foreign number carries its country in phoneNumber and not in purePhoneNumber.
function guessCountry(pure: Digits, whole: Digits | undefined): string | undefined {
  if (pure.isInternational) return callingCode.exec(pure.digits)?.[0]
  if (/^0?1[3-9]\d{9}$/.test(pure.digits) || /^861[3-9]\d{9}$/.test(pure.digits)) return mainland
  if (whole?.isInternational) return callingCode.exec(whole.digits)?.[0]
  const before = whole?.digits.endsWith(pure.digits) ? whole.digits.slice(0, -pure.digits.length) : ''
  return before === '' ? undefined : before.replace(/^0+/, '')
}

function withoutCountry(pure: Digits, whole: Digits | undefined, code: string): string | undefined {
  const { digits, isInternational } = pure
  const rest = digits.startsWith(code) ? digits.slice(code.length) : undefined
  if (isInternational) return rest
  // Both fields are the same only where both carry the country, or neither does.
  const isRepeated = code === mainland ? /^1\d{10}$/.test(rest ?? '') : whole?.digits === digits
  return rest !== undefined && isRepeated && rest.length >= 7 ? rest : digits
}

function joined(code: string, national: string): PhoneNumber | undefined {
  // Area lists print the countries of the North American plan with their area: 1876 is country 1, area 876.
  const [countryCallingCode, area] = /^1\d{3}$/.test(code) ? ['1', code.slice(1)] : [code, '']
  const local = zeroIsDialled.has(code) ? national : national.replace(/^0/, '')
  const nationalNumber = area !== '' && local.length === 7 ? area + local : local
  if (!/^\d{4,14}$/.test(nationalNumber) || /^0+$/.test(nationalNumber)) return undefined
  const e164 = `+${countryCallingCode}${nationalNumber}`
  return e164.length > 16 ? undefined : { e164, nationalNumber, countryCallingCode }
}
