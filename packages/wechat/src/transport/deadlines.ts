/** Something that must be over by a time; a place in a list. */
export interface Watched {
  /** On `performance.now()`. */
  readonly dueAtMs: number
  readonly onLate: () => void
  next: Watched | undefined
  previous: Watched | undefined
}

/** Ends what takes too long. */
export interface Deadlines {
  watch(timeoutMs: number, onLate: () => void): Watched
  forget(watched: Watched): void
}

const tickMs = 25

/**
 * One coarse timer for all that is watched, which then ends up to 25 ms late. The timer keeps no process alive; the
 * sockets do.
 *
 * A linked list, because it is on the path of every call: a timer for each call costs 2 µs of 25, and a Set keeps what
 * is deleted until it grows, which doubles the time in garbage collection.
 */
export function createDeadlines(): Deadlines {
  let first: Watched | undefined
  let timer: NodeJS.Timeout | undefined

  function tick(): void {
    const now = performance.now()
    let watched = first
    while (watched !== undefined) {
      if (watched.dueAtMs > now) {
        watched = watched.next
        continue
      }
      forget(watched)
      watched.onLate()
      // The end of one may end others: start over.
      watched = first
    }
    if (first !== undefined) return
    clearInterval(timer)
    timer = undefined
  }

  function forget(watched: Watched): void {
    const { next, previous } = watched
    if (first === watched) first = next
    if (next !== undefined) next.previous = previous
    if (previous !== undefined) previous.next = next
    watched.next = undefined
    watched.previous = undefined
  }

  return {
    watch(timeoutMs, onLate) {
      const watched = { dueAtMs: performance.now() + timeoutMs, onLate, next: first, previous: undefined }
      if (first !== undefined) first.previous = watched
      first = watched
      timer ??= setInterval(tick, tickMs).unref()
      return watched
    },
    forget,
  }
}
