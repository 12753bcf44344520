/** Something that must be over by a time. */
export interface Watched {
  /** On `performance.now()`. */
  readonly dueAtMs: number
  onLate(): void
}

/** Ends what takes too long. */
export interface Deadlines {
  watch(watched: Watched): void
  forget(watched: Watched): void
}

const tickMs = 25

/**
 * One coarse timer for all that is watched: a timer of its own for every request costs 2 µs, a twelfth of the whole
 * call. What is watched ends up to 25 ms late. The timer keeps no process alive; the sockets do.
 */
export function createDeadlines(): Deadlines {
  const all = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  function tick(): void {
    const now = performance.now()
    for (const watched of all) {
      if (watched.dueAtMs > now) continue
      all.delete(watched)
      watched.onLate()
    }
    if (all.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch(watched) {
      all.add(watched)
      timer ??= setInterval(tick, tickMs).unref()
    },
    forget: (watched) => void all.delete(watched),
  }
}
