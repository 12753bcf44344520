import { randomInt } from 'node:crypto'
import { createBlindIndex } from '../../crypto/blind-index.ts'
import { isEqualInConstantTime, type KeyRing } from '../../crypto/key-ring.ts'
import type { SmsRequest } from '../../stores/sms-store.ts'

/** The codes themselves: what is stored of one is a keyed digest, worth nothing without the key. */
export interface SmsCodes {
  /** A new code of so many digits. */
  issue(length: number): string
  digestOf(requestId: string, code: string): string
  matches(request: Pick<SmsRequest, 'id' | 'codeDigest'>, code: string): boolean
}

export function createSmsCodes(keyRing: KeyRing): SmsCodes {
  const index = createBlindIndex(keyRing, 'sms-code')
  return {
    issue: (length) => String(randomInt(10 ** length)).padStart(length, '0'),
    digestOf: (requestId, code) => index.all(requestId, code)[0] ?? '',
    matches: ({ id, codeDigest }, code) =>
      codeDigest !== null && index.all(id, code).some((digest) => isEqualInConstantTime(digest, codeDigest)),
  }
}
