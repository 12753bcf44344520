import type { Clock } from '../clock.ts'

/** What this process knows of tokens that WeChat refused. */
export interface Refusals {
  /** Remembers that a token was refused, and until when it would have lived, if that is known. */
  add(value: string, expiresAtMs: number | undefined): void
  has(value: string): boolean
  /** Whether a token that lies in the store is older than one that was refused: left there by an outage. */
  isOutlived(expiresAtMs: number): boolean
  /** The moment at which a question is put to the source; for {@link Refusals.isStale}. */
  ask(): number
  /** Whether a token that came for an answer was refused after the question was put. */
  isStale(value: string, askedAt: number): boolean
  /**
   * Takes a refusal back, because the source gave the token again: it is the authority. The token is then not asked
   * about for a while, longer each time.
   */
  takeBack(value: string): void
  /** Whether the source has lately given this token again. */
  isConfirmed(value: string): boolean
  /** Forgets the confirmation of any token but this one. */
  keepConfirmed(value: string): void
}

const kept = 8
const firstTrustMs = 1000
const longestTrustMs = 60_000
// WeChat counts a token's life in whole seconds, so two tokens of one age may differ by this much.
const sameAgeMs = 2000

export function createRefusals(clock: Clock): Refusals {
  // Refusals and questions are numbered in the order in which they happen; time is too coarse for that.
  const refusedAt = new Map<string, number>()
  let step = 0
  let lastExpiryMs = Number.NEGATIVE_INFINITY
  let confirmed = { value: '', trustMs: 0, untilMs: 0 }

  return {
    add(value, expiresAtMs) {
      if (expiresAtMs !== undefined) lastExpiryMs = expiresAtMs
      refusedAt.delete(value)
      refusedAt.set(value, ++step)
      const [oldest] = refusedAt.keys()
      if (oldest !== undefined && refusedAt.size > kept) refusedAt.delete(oldest)
    },
    has: (value) => refusedAt.has(value),
    isOutlived: (expiresAtMs) => expiresAtMs <= lastExpiryMs - sameAgeMs,
    ask: () => ++step,
    isStale: (value, askedAt) => (refusedAt.get(value) ?? 0) > askedAt,
    takeBack(value) {
      if (!refusedAt.delete(value)) return
      const trustMs = Math.min(longestTrustMs, Math.max(firstTrustMs, confirmed.trustMs * 2))
      confirmed = { value, trustMs, untilMs: clock.monotonic() + trustMs }
    },
    isConfirmed: (value) => confirmed.value === value && clock.monotonic() < confirmed.untilMs,
    keepConfirmed(value) {
      if (confirmed.value !== value) confirmed = { value: '', trustMs: 0, untilMs: 0 }
    },
  }
}
