import { createHmac, randomBytes } from 'node:crypto'
import type { DerivedKey } from '../crypto/key-ring.ts'

const HINT_LENGTH = 4

/** A new secret: 32 random hex digits, the form of an AppSecret, so that every SDK takes it for one. */
export function createClientSecret(): { clientSecret: string; hint: string } {
  const clientSecret = randomBytes(16).toString('hex')
  return { clientSecret, hint: clientSecret.slice(0, HINT_LENGTH) }
}

/** A new client id, in the form of an appid. */
export function createClientId(): string {
  return `hc${randomBytes(8).toString('hex')}`
}

/**
 * The digest by which a secret is found. Its 128 bits are random, so a keyed hash is as safe as a slow one, and a
 * request costs microseconds.
 */
export function digestSecret(clientSecret: string, { id, key }: DerivedKey): string {
  return `${id}.${createHmac('sha256', key).update(clientSecret).digest('hex')}`
}

/** Whether a text has the form of our secrets; anything else is known to be wrong without asking the database. */
export function isClientSecret(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
