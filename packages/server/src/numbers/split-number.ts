import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** The parts of a number as WeChat names them: `purePhoneNumber` and `countryCode`. */
export function splitNumber(e164: string): { nationalNumber: string; countryCallingCode: string | null } {
  const parsed = parsePhoneNumberFromString(e164)
  return {
    nationalNumber: parsed?.nationalNumber ?? e164.replace(/^\+/, ''),
    countryCallingCode: parsed?.countryCallingCode ?? null,
  }
}
