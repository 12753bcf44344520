import { createHash } from 'node:crypto'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createKeyedHash } from '../crypto/keyed-hash.ts'
import type { CodeKind } from '../stores/exchange-store.ts'

/**
 * Makes the name under which a code is written down: the id of the key, and an HMAC over kind, appid and the SHA-256 of
 * the code. Telemetry tells that SHA-256 and never the code, so both meet.
 */
export function createCodeKey(keyRing: KeyRing): (kind: CodeKind, appid: string, code: string) => string {
  const keyOfHash = createHashedCodeKey(keyRing)
  return (kind, appid, code) => keyOfHash(kind, appid, createHash('sha256').update(code).digest('hex'))
}

/** The same for whoever has the SHA-256 of a code only, as hex. */
export function createHashedCodeKey(
  keyRing: KeyRing,
): (kind: CodeKind, appid: string, codeHash: string) => string {
  const keyedHash = createKeyedHash(keyRing, 'code-index')
  const { id } = keyRing.current('code-index')
  return (kind, appid, codeHash) => `${id}.${keyedHash(kind, appid, codeHash)}`
}
