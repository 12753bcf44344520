import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer } from '../crypto/sealer.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Admin } from '../stores/admin-store.ts'
import type { AdminSecrets } from './secrets.ts'

const PERIOD_S = 30
const SECRET_BYTES = 20
/** Steps before and after the present one whose codes are taken: clocks of phones are off. */
const WINDOW = 1
const RECOVERY_CODES = 10
/** 50 bits each. */
const RECOVERY_LENGTH = 10
/** Crockford's: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What a code turned out to be. */
export type FactorMatch = { kind: 'totp'; step: number } | { kind: 'recovery'; digest: string }

/** One-time codes of an authenticator app, and recovery codes for the day the phone is gone. */
export interface SecondFactor {
  /** A new secret: for the app, and as it is stored. */
  create(admin: Pick<Admin, 'id' | 'username'>): { uri: string; secret: string; sealed: string }
  /** The time step that a code of an authenticator belongs to. */
  stepOf(adminId: string, sealed: string, code: string): number | undefined
  /** What a code is of this administrator; `undefined` when it is nothing. Whether it was used is for the store to say. */
  match(admin: Admin, code: string): FactorMatch | undefined
  /** New recovery codes, and their digests. */
  recoveryCodes(adminId: string): { codes: string[]; digests: string[] }
}

export interface SecondFactorParts {
  keyRing: KeyRing
  secrets: AdminSecrets
  clock: Clock
}

export function createSecondFactor({ keyRing, secrets, clock }: SecondFactorParts): SecondFactor {
  const sealer = createSealer(keyRing, 'admin-encryption')
  const totpOf = (secret: Secret, label: string) =>
    new TOTP({ issuer: 'Haoma', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret })
  const wordOf = (adminId: string, code: string) => `${adminId}:${plainRecovery(code)}`

  const stepOf = (adminId: string, sealed: string, code: string): number | undefined => {
    if (!/^\d{6}$/.test(code)) return undefined
    const secret = Secret.fromBase32(sealer.open(sealed, totpContext(adminId)))
    const timestamp = clock.now()
    const delta = totpOf(secret, '').validate({ token: code, timestamp, window: WINDOW })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_S) + delta
  }

  return {
    create: ({ id, username }) => {
      const secret = new Secret({ size: SECRET_BYTES })
      return {
        uri: totpOf(secret, username).toString(),
        secret: secret.base32,
        sealed: sealer.seal(secret.base32, totpContext(id)),
      }
    },
    stepOf,
    match: ({ id, totpSealed, recoveryDigests }, code) => {
      const step = totpSealed === null ? undefined : stepOf(id, totpSealed, code.replace(/\s/g, ''))
      if (step !== undefined) return { kind: 'totp', step }
      const digest = secrets
        .digests('recovery-code', wordOf(id, code))
        .find((one) => recoveryDigests.includes(one))
      return digest === undefined ? undefined : { kind: 'recovery', digest }
    },
    recoveryCodes: (adminId) => {
      const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
      return {
        codes,
        digests: codes.map((code) => secrets.digest('recovery-code', wordOf(adminId, code))),
      }
    },
  }
}

/** What the secret of one-time codes is sealed for. */
export const totpContext = (adminId: string) => `totp:${adminId}`

function newRecoveryCode(): string {
  const letters = [...randomBytes(RECOVERY_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** However it is typed: in lower case, with blanks, with an O for a zero. */
function plainRecovery(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
}
