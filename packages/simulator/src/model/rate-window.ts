import type { Clock } from './clock.ts'

/** Counts events per key within the running minute. */
export function createMinuteCounter(clock: Clock) {
  let minute = 0
  let counts = new Map<string, number>()
  return {
    /** Counts one and says whether it is still within the limit. */
    take(key: string, limit: number): boolean {
      const now = Math.floor(clock.nowMs() / 60_000)
      if (now !== minute) {
        minute = now
        counts = new Map()
      }
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count <= limit
    },
  }
}
