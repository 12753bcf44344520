import { latencyBoundsMs } from '../stores/login-store.ts'

/** Classes of durations, put together. */
export function addClasses(to: number[], classes: readonly number[]): void {
  classes.forEach((entries, at) => {
    to[at] = (to[at] ?? 0) + entries
  })
}

/**
 * The duration that this share of the entries does not exceed, in milliseconds: even within its class, and the last
 * bound for what is longer. `null` without entries.
 */
export function percentileOf(classes: readonly number[], share: number): number | null {
  const all = classes.reduce((sum, entries) => sum + entries, 0)
  if (all === 0) return null
  let before = 0
  for (const [at, entries] of classes.entries()) {
    const upper = latencyBoundsMs[at]
    if (upper === undefined) break
    if (before + entries >= share * all) {
      const lower = latencyBoundsMs[at - 1] ?? 0
      return Math.round((lower + (upper - lower) * ((share * all - before) / entries)) * 10) / 10
    }
    before += entries
  }
  return latencyBoundsMs[latencyBoundsMs.length - 1] as number
}
