import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** A number taken apart. */
export interface ParsedNumber {
  /** With leading `+`. */
  readonly e164: string
  readonly nationalNumber: string
  readonly countryCallingCode: string | null
  /** ISO 3166 code, where the number tells it. */
  readonly country: string | null
}

/** One login looks at its number in half a dozen places. */
const recent = new Map<string, ParsedNumber>()
const MOST_RECENT = 64

/** Reads a number in the form `+8613800138000`; what is not in the numbering plans stays as it is. */
export function parseNumber(e164: string): ParsedNumber {
  const known = recent.get(e164)
  if (known) return known
  const parsed = parsePhoneNumberFromString(e164)
  const number = {
    e164: parsed?.number ?? e164,
    nationalNumber: parsed?.nationalNumber ?? e164.replace(/^\+/, ''),
    countryCallingCode: parsed?.countryCallingCode ?? null,
    country: parsed?.country ?? null,
  }
  if (recent.size >= MOST_RECENT) recent.clear()
  recent.set(e164, number)
  return number
}

/**
 * Hides the middle of a number: `138****8000` for mainland China, `+852 6*****21` elsewhere, where numbers
 * are shorter and less of one may be shown.
 */
export function maskPhone(e164: string): string {
  const { nationalNumber: national, countryCallingCode } = parseNumber(e164)
  if (countryCallingCode === '86' && national.length === 11) {
    return `${national.slice(0, 3)}****${national.slice(-4)}`
  }
  const hidden = '*'.repeat(Math.max(national.length - 3, 1))
  const shown = `${national.slice(0, 1)}${hidden}${national.length > 3 ? national.slice(-2) : ''}`
  return countryCallingCode === null ? shown : `+${countryCallingCode} ${shown}`
}

/**
 * Whether an app takes numbers of this country.
 *
 * @param countries - ISO 3166 codes; `undefined` takes all. A number whose country cannot be told is of none of them.
 */
export function isCountryAllowed(country: string | null, countries: readonly string[] | undefined): boolean {
  return countries === undefined || (country !== null && countries.includes(country))
}

const MAINLAND_MOBILE = /^1[3-9]\d{9}$/

/**
 * Reads a number as a person types it, with its country in front or without; `undefined` when no SMS can reach it.
 *
 * @param callingCode - Country of a number that does not name it, such as `86`.
 */
export function readMobileNumber(typed: string, callingCode: string): ParsedNumber | undefined {
  const parsed = parse(typed, callingCode)
  if (!parsed?.isValid() || parsed.ext !== undefined) return undefined
  if (parsed.countryCallingCode === '86' && !MAINLAND_MOBILE.test(parsed.nationalNumber)) return undefined
  return parseNumber(parsed.number)
}

function parse(typed: string, callingCode: string) {
  const text = typed.normalize('NFKC').trim().replace(/^00/, '+')
  const defaultCallingCode = callingCode
    .normalize('NFKC')
    .replace(/^\s*\+/, '')
    .trim()
  try {
    return parsePhoneNumberFromString(text, { defaultCallingCode, extract: false })
  } catch {
    // The library throws for a country that there is not.
    return undefined
  }
}
