import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createKeyedHash } from '../crypto/keyed-hash.ts'
import { createSealer } from '../crypto/sealer.ts'

/** A phone number in the form it is stored: found by its index, read only with the key. */
export interface ProtectedPhone {
  /** Blind index: equal for equal numbers, tells nothing without the key. */
  subject: string
  sealed: string
  /** ISO 3166 code, where the number tells it. */
  country: string | null
}

export interface PhoneVault {
  /** @param e164 - With leading `+`. */
  protect(e164: string): ProtectedPhone
  /** The number itself, for those who may see it. */
  read(phone: { subject: string; sealed: string | null }): string | null
  /** The number for people, with its middle hidden. */
  readMasked(phone: { subject: string; sealed: string | null }): string | null
}

export function createPhoneVault(keyRing: KeyRing): PhoneVault {
  const hash = createKeyedHash(keyRing, 'phone-index')
  const sealer = createSealer(keyRing, 'phone-encryption')
  return {
    protect: (e164) => {
      const parsed = parsePhoneNumberFromString(e164)
      const number = parsed?.number ?? e164
      const subject = hash(number)
      return { subject, sealed: sealer.seal(number, subject), country: parsed?.country ?? null }
    },
    read: ({ subject, sealed }) => (sealed === null ? null : sealer.open(sealed, subject)),
    readMasked: ({ subject, sealed }) => (sealed === null ? null : maskPhone(sealer.open(sealed, subject))),
  }
}

/**
 * Hides the middle of a number: `138****8000` for mainland China, `+852 6*****21` elsewhere, where numbers
 * are shorter and less of one may be shown.
 */
export function maskPhone(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164)
  const national = parsed?.nationalNumber ?? e164.replace(/^\+/, '')
  if (parsed?.countryCallingCode === '86' && national.length === 11) {
    return `${national.slice(0, 3)}****${national.slice(-4)}`
  }
  const hidden = '*'.repeat(Math.max(national.length - 3, 1))
  const shown = `${national.slice(0, 1)}${hidden}${national.length > 3 ? national.slice(-2) : ''}`
  return parsed ? `+${parsed.countryCallingCode} ${shown}` : shown
}
