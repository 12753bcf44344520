import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer } from '../crypto/sealer.ts'

interface StoredSecret {
  secret: string
  createdAtMs: number
  /** `null` for the newest. */
  expiresAtMs: number | null
}

/**
 * The secrets of endpoints: the newest, and for a time the one before it, so that a receiver can change over while
 * both signatures stand in every message.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export interface WebhookSecrets {
  /** A first secret: the text for the receiver, and what to store. */
  create(endpointId: string, nowMs: number): { secret: string; sealed: string }
  /** A new secret beside the one before, which works for `overlapMs` more; any older one ends now. */
  rotate(
    endpoint: SealedSecrets,
    times: { nowMs: number; overlapMs: number },
  ): { secret: string; sealed: string }
  /** The headers of a message. */
  sign(endpoint: SealedSecrets, message: { id: string; body: string; nowMs: number }): Record<string, string>
}

export interface SealedSecrets {
  id: string
  secretsSealed: string
}

const SECRET_BYTES = 32

export function createWebhookSecrets(keyRing: KeyRing): WebhookSecrets {
  const sealer = createSealer(keyRing, 'webhook-secret')
  const fresh = (endpointId: string, nowMs: number, former: StoredSecret[]) => {
    const secret = createWebhookSecret()
    const all = [{ secret, createdAtMs: nowMs, expiresAtMs: null }, ...former]
    return { secret, sealed: sealer.seal(JSON.stringify(all), endpointId) }
  }
  const open = ({ id, secretsSealed }: SealedSecrets): StoredSecret[] =>
    JSON.parse(sealer.open(secretsSealed, id))

  return {
    create: (endpointId, nowMs) => fresh(endpointId, nowMs, []),
    rotate: (endpoint, { nowMs, overlapMs }) => {
      const [newest] = open(endpoint)
      const former = newest && overlapMs > 0 ? [{ ...newest, expiresAtMs: nowMs + overlapMs }] : []
      return fresh(endpoint.id, nowMs, former)
    },
    sign: (endpoint, message) => {
      const living = open(endpoint).filter(
        ({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > message.nowMs,
      )
      return signedHeaders(
        living.map(({ secret }) => secret),
        message,
      )
    },
  }
}

/** `whsec_` and 32 random bytes in base64. */
function createWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
}

/** The three headers of Standard Webhooks; a signature for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  { id, body, nowMs }: { id: string; body: string; nowMs: number },
): Record<string, string> {
  const at = new Date(nowMs)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}
