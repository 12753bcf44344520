import { randomBytes } from 'node:crypto'
import { createBlindIndex } from '../crypto/blind-index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'

/** What a secret is for; one kind never passes for another. */
export type AdminSecretKind = 'api-key' | 'device' | 'link' | 'recovery-code' | 'session'

/**
 * Secrets of administrators as they are stored: by keyed digests. They are random and long, so a keyed hash is as safe as
 * a slow one.
 */
export interface AdminSecrets {
  /** The digest of a new secret. */
  digest(kind: AdminSecretKind, secret: string): string
  /** What a secret may be stored under, one for every key of the ring. */
  digests(kind: AdminSecretKind, secret: string): string[]
}

export function createAdminSecrets(keyRing: KeyRing): AdminSecrets {
  const index = createBlindIndex(keyRing, 'admin-secret')
  const { id } = keyRing.current('admin-secret')
  return {
    digest: (kind, secret) => index.under(id, kind, secret),
    digests: (kind, secret) => index.all(kind, secret),
  }
}

/**
 * A secret for an address, a cookie or a header.
 *
 * @param bytes - Default is 32; 16 are enough for what lives for hours, and an address stays short.
 */
export function randomSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}
