/** A token in the hands of this process. Times are on the monotonic clock. */
export interface LiveToken {
  readonly value: string
  /** `access_token=…`, encoded once per token and not once per call. */
  readonly query: string
  /** From here on a new one is fetched in the background. */
  readonly refreshAtMs: number
  /** From here on it is not used any more. */
  readonly expiresAtMs: number
}

// WeChat hands out a new token only in the last five minutes of the old one, and takes both for five more.
const windowMs = 300_000
const longestMarginMs = 2000
// Longer lives are not believed, and would overflow a timer.
const longestLifeMs = 86_400_000

/**
 * @param value - the token
 * @param expiresInMs - what remains of its life
 * @param at - the monotonic time at which that was true, and a random number from 0 to 1 that spreads a fleet
 */
export function liveToken(
  value: string,
  expiresInMs: number,
  at: { fromMs: number; random: number },
): LiveToken {
  const lifeMs = Math.min(expiresInMs, longestLifeMs)
  const aheadMs = Math.min(windowMs, lifeMs / 2) * (0.4 + 0.5 * at.random)
  const marginMs = Math.min(longestMarginMs, lifeMs / 10)
  return {
    value,
    query: `access_token=${encodeURIComponent(value)}`,
    refreshAtMs: at.fromMs + lifeMs - aheadMs,
    expiresAtMs: at.fromMs + lifeMs - marginMs,
  }
}
