import { createBlindIndex, keyIdOf } from '../crypto/blind-index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, sealingKeyOf, type TellUnopened, UnsealError } from '../crypto/sealer.ts'
import type { Logger } from '../kernel/logger.ts'
import { maskPhone, parseNumber } from './e164.ts'

/** A phone number in the form it is stored: found by its index, read only with the key. */
export interface ProtectedPhone {
  /** Blind index: equal for equal numbers under one key, which it names; tells nothing without the key. */
  subject: string
  sealed: string
  /** Blind index of the masked number, for people who look for `138****8000`. */
  maskedSubject: string
  /** ISO 3166 code, where the number tells it. */
  country: string | null
}

export interface PhoneVault {
  /**
   * @param e164 - With leading `+`.
   * @param keyId - The key that writes; see `IndexKeyStore.findWriting`.
   * @throws {MissingKeyError} When this process was not given that key.
   */
  protect(e164: string, keyId: string): ProtectedPhone
  /** What the number is found by, under every key that it may have been written with. */
  subjectsOf(e164: string): string[]
  /** What a masked number such as `138****8000` is found by. */
  maskedSubjectsOf(masked: string): string[]
  /** The number for people, with its middle hidden; `null` when it cannot be opened, which is logged. */
  readMasked(phone: StoredPhone): string | null
  /**
   * The number itself, or `null` when it cannot be opened, which is logged. Who shows it to anybody writes it into the
   * audit: see `createNumberReader`.
   */
  read(phone: StoredPhone): string | null
}

export interface StoredPhone {
  subject: string
  sealed: string | null
}

/**
 * @param logger - Told of each value that does not open: its key is missing, or somebody changed it.
 * @param tellUnopened - Told of it as well.
 */
export function createPhoneVault(
  keyRing: KeyRing,
  logger: Logger,
  tellUnopened: TellUnopened = () => {},
): PhoneVault {
  const index = createBlindIndex(keyRing, 'phone-index')
  const maskedIndex = createBlindIndex(keyRing, 'masked-phone-index')
  const sealer = createSealer(keyRing, 'phone-encryption')

  const read = ({ subject, sealed }: StoredPhone): string | null => {
    if (sealed === null) return null
    try {
      return sealer.open(sealed, subject)
    } catch (err) {
      if (!(err instanceof UnsealError)) throw err
      logger.error(
        { err, alert: 'number-unreadable', keyId: keyIdOf(subject) },
        'a stored number does not open: its master key is missing, or it was altered',
      )
      tellUnopened('phone-encryption', sealingKeyOf(sealed) ?? '')
      return null
    }
  }

  return {
    protect: (e164, keyId) => {
      const number = parseNumber(e164)
      const subject = index.under(keyId, number.e164)
      return {
        subject,
        sealed: sealer.seal(number.e164, subject, keyId),
        maskedSubject: maskedIndex.under(keyId, maskPhone(number.e164)),
        country: number.country,
      }
    },
    subjectsOf: (e164) => index.all(parseNumber(e164).e164),
    maskedSubjectsOf: (masked) => maskedIndex.all(masked.trim()),
    readMasked: (phone) => {
      const e164 = read(phone)
      return e164 === null ? null : maskPhone(e164)
    },
    read,
  }
}
