import { createHash } from 'node:crypto'

/** A phone number as WeChat splits it. */
export interface PhoneNumber {
  /** Without the plus sign, e.g. `86`, `852`. */
  countryCallingCode: string
  /** Digits only. */
  nationalNumber: string
}

/** Calling codes a bare `+…` number is split by; longer ones win. Others are given in two fields. */
const CALLING_CODES = (
  '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 ' +
  '86 90 91 92 94 95 98 212 234 254 351 353 358 380 420 852 853 855 856 880 886 960 961 962 965 966 968 971 972 ' +
  '973 974 976 977 992 993 994 995 996 998'
).split(' ')

/**
 * Reads `13800138000` (mainland), `+85261234567` or `{ countryCallingCode, nationalNumber }`.
 *
 * @returns `undefined` for what is none of these.
 */
export function parsePhoneNumber(input: string | PhoneNumber): PhoneNumber | undefined {
  if (typeof input !== 'string') {
    return /^[1-9]\d{0,3}$/.test(input.countryCallingCode) && /^\d{4,14}$/.test(input.nationalNumber)
      ? { countryCallingCode: input.countryCallingCode, nationalNumber: input.nationalNumber }
      : undefined
  }
  const compact = input.replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(compact)) return { countryCallingCode: '86', nationalNumber: compact }
  if (!/^\+[1-9]\d{5,15}$/.test(compact)) return undefined
  const digits = compact.slice(1)
  for (const length of [3, 2, 1]) {
    const countryCallingCode = digits.slice(0, length)
    if (CALLING_CODES.includes(countryCallingCode)) {
      return parsePhoneNumber({ countryCallingCode, nationalNumber: digits.slice(length) })
    }
  }
  return undefined
}

/** `138****8000`, and for short numbers `61****67`: enough to choose by, not enough to call. */
export function maskNationalNumber({ nationalNumber }: PhoneNumber): string {
  const [head, tail] = nationalNumber.length >= 10 ? [3, 4] : [2, 2]
  return `${nationalNumber.slice(0, head)}****${nationalNumber.slice(-tail)}`
}

/** The number as the consent sheet shows it: masked, foreign ones with their country code. */
export function displayPhoneNumber(number: PhoneNumber): string {
  const masked = maskNationalNumber(number)
  return number.countryCallingCode === '86' ? masked : `+${number.countryCallingCode} ${masked}`
}

/**
 * The mainland number of a user who was not given one: always the same for a name, never one that is
 * taken. Nearly 2 thousand million numbers, so that names rarely meet.
 */
export function derivePhoneNumber(name: string, isTaken: (nationalNumber: string) => boolean): PhoneNumber {
  const digest = createHash('sha256').update(`phone|${name}`).digest()
  const prefix = digest[0] === undefined || digest[0] % 2 === 0 ? '13' : '18'
  for (
    let candidate = digest.readUInt32BE(1) % 1_000_000_000;
    ;
    candidate = (candidate + 1) % 1_000_000_000
  ) {
    const nationalNumber = prefix + String(candidate).padStart(9, '0')
    if (!isTaken(nationalNumber)) return { countryCallingCode: '86', nationalNumber }
  }
}

export function isSameNumber(a: PhoneNumber, b: PhoneNumber): boolean {
  return a.nationalNumber === b.nationalNumber && a.countryCallingCode === b.countryCallingCode
}
