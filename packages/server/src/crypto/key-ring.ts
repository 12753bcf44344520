import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a derived key is for. One key per purpose, so that none can stand in for another. */
export type KeyPurpose =
  | 'phone-encryption'
  | 'phone-index'
  | 'masked-phone-index'
  | 'erased-identity'
  | 'merge-ticket'
  | 'code-index'
  | 'refresh-token'
  | 'signing-key-encryption'
  | 'backup'
  | 'client-secret'
  | 'app-secret'
  | 'exchange-answer'
  | 'webhook-secret'
  | 'alert-channel'
  | 'admin-secret'
  | 'admin-encryption'
  | 'sms-code'

export interface DerivedKey {
  /** Public name of the master key it comes from; written beside everything it protects. */
  id: string
  key: Buffer
}

export interface KeyRing {
  /** The key new data is protected with. */
  current(purpose: KeyPurpose): DerivedKey
  /** The key with this id, current or retired, or `undefined` when the ring does not hold it. */
  find(purpose: KeyPurpose, id: string): DerivedKey | undefined
  /** Every key of the ring, the current one first. */
  all(purpose: KeyPurpose): [DerivedKey, ...DerivedKey[]]
}

export const MASTER_KEY_BYTES = 32

/** A value is to be written with a key that this process was not given. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError'

  constructor(keyId: string) {
    super(
      `本进程没有主密钥 ${keyId}，请检查 HAOMA_MASTER_KEY 与 HAOMA_OLD_MASTER_KEYS。 / ` +
        `This process was not given master key ${keyId}. Check HAOMA_MASTER_KEY and HAOMA_OLD_MASTER_KEYS.`,
    )
  }
}

/**
 * Derives every key the service needs from its master keys, by HKDF-SHA256.
 *
 * @param masterKeys - 32 bytes each; the first protects new data, the others only open old data.
 */
export function createKeyRing(masterKeys: readonly Buffer[]): KeyRing {
  const [first] = masterKeys
  if (!first) throw new TypeError('createKeyRing needs at least one master key')
  const rings = masterKeys.map((masterKey) => ({ id: keyId(masterKey), derive: createDerive(masterKey) }))
  const derived = (ring: (typeof rings)[number], purpose: KeyPurpose) => ({
    id: ring.id,
    key: ring.derive(purpose),
  })
  return {
    current: (purpose) => derived(rings[0] as (typeof rings)[number], purpose),
    find: (purpose, id) => {
      const ring = rings.find((candidate) => candidate.id === id)
      return ring && derived(ring, purpose)
    },
    all: (purpose) => rings.map((ring) => derived(ring, purpose)) as [DerivedKey, ...DerivedKey[]],
  }
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isEqualInConstantTime(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

function createDerive(masterKey: Buffer): (purpose: KeyPurpose) => Buffer {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new TypeError(`a master key is ${MASTER_KEY_BYTES} bytes long`)
  }
  const keys = new Map<KeyPurpose, Buffer>()
  return (purpose) => {
    const known = keys.get(purpose)
    if (known) return known
    const key = hkdf(masterKey, purpose, 32)
    keys.set(purpose, key)
    return key
  }
}

function keyId(masterKey: Buffer): string {
  return hkdf(masterKey, 'key-id', 4).toString('hex')
}

function hkdf(masterKey: Buffer, info: string, sizeBytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, 'haoma', info, sizeBytes))
}
