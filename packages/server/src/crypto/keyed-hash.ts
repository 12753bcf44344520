import { createHmac } from 'node:crypto'
import type { KeyPurpose, KeyRing } from './key-ring.ts'

/**
 * Makes a keyed hash (HMAC-SHA256, hex) by which a secret value can be found without being stored.
 * The parts are length-prefixed, so that no two different lists of parts give the same input.
 */
export function createKeyedHash(keyRing: KeyRing, purpose: KeyPurpose): (...parts: string[]) => string {
  const { key } = keyRing.current(purpose)
  return (...parts) => {
    const hmac = createHmac('sha256', key)
    for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part}`)
    return hmac.digest('hex')
  }
}
