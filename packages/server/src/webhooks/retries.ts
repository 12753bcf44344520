const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * Pauses after the first, second, … failed try. The one before the last ends a little more than a day after the first
 * try, where an endpoint that never answered is switched off; the last try comes a day after that.
 */
const PAUSES_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  7 * HOUR,
  10 * HOUR,
  24 * HOUR,
]

/** An endpoint that failed for so long is switched off. */
export const DISABLE_AFTER_MS = 24 * HOUR

/** How often an event is tried before it is given up. */
export const MOST_TRIES = PAUSES_MS.length + 1

/** The pause after so many failed tries; `undefined` when it is given up. */
export function pauseAfterMs(tries: number, random: () => number = Math.random): number | undefined {
  const pause = PAUSES_MS[tries - 1]
  // Those that failed together need not come back together.
  return pause === undefined ? undefined : Math.round(pause * (1 + 0.1 * random()))
}
