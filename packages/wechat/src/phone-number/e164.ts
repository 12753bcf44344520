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

/**
 * Joins a number. `countryCode` comes as text or as a number, and a foreign `phoneNumber` with or without a `+`,
 * so only `purePhoneNumber` and the digits of `countryCode` are relied on.
 *
 * @returns `undefined` when the fields hold no number
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html
 */
export function toPhoneNumber(raw: RawPhoneNumber): PhoneNumber | undefined {
  const countryCallingCode = digits(raw.countryCode)
  const nationalNumber =
    digits(raw.purePhoneNumber) || withoutCountry(digits(raw.phoneNumber), countryCallingCode)
  if (!/^[1-9]\d{0,2}$/.test(countryCallingCode) || !/^\d{3,14}$/.test(nationalNumber)) return undefined
  return { e164: `+${countryCallingCode}${nationalNumber}`, nationalNumber, countryCallingCode }
}

function digits(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return /^\d+$/.test(text) ? text : text.replace(/\D/g, '')
}

// Only a foreign number carries its country code; mainland numbers have 11 digits and never start with 86.
function withoutCountry(number: string, countryCallingCode: string): string {
  return countryCallingCode !== '' && number.startsWith(countryCallingCode)
    ? number.slice(countryCallingCode.length)
    : number
}
