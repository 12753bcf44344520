import { createHmac } from 'node:crypto'
import { type DerivedKey, type KeyPurpose, type KeyRing, MissingKeyError } from './key-ring.ts'

/**
 * Finds a secret value without storing it: `<key id>.<HMAC-SHA256 in hex>`. The id in front lets two keys live side by
 * side while one takes over from the other.
 */
export interface BlindIndex {
  /** The index under one key of the ring. @throws {MissingKeyError} When the ring does not hold it. */
  under(keyId: string, ...parts: string[]): string
  /** The index under every key of the ring, for looking up; the first key's comes first. */
  all(...parts: string[]): string[]
}

export function createBlindIndex(keyRing: KeyRing, purpose: KeyPurpose): BlindIndex {
  return {
    under: (keyId, ...parts) => {
      const found = keyRing.find(purpose, keyId)
      if (!found) throw new MissingKeyError(keyId)
      return indexOf(found, parts)
    },
    all: (...parts) => keyRing.all(purpose).map((key) => indexOf(key, parts)),
  }
}

/** The parts are length-prefixed, so that no two different lists of parts give the same input. */
function indexOf({ id, key }: DerivedKey, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part}`)
  return `${id}.${hmac.digest('hex')}`
}

/** The id of the key that made an index. */
export function keyIdOf(index: string): string {
  return index.slice(0, index.indexOf('.'))
}
