/** A moment by which something has to be done. Counted on a clock that nobody can set. */
export interface Deadline {
  readonly isOver: boolean
  /** 0 when it is over. */
  readonly leftMs: number
}

export function deadlineIn(ms: number): Deadline {
  const atMs = performance.now() + ms
  return {
    get isOver() {
      return performance.now() >= atMs
    },
    get leftMs() {
      return Math.max(0, atMs - performance.now())
    },
  }
}

/** Starts now; gives the seconds since, on a clock that nobody can set. */
export function stopwatch(): () => number {
  const startedAtMs = performance.now()
  return () => (performance.now() - startedAtMs) / 1000
}
