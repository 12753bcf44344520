/** Time as the SDK sees it. Tests hand in their own. */
export interface Clock {
  /** Wall clock, in Unix milliseconds. Used only where WeChat wants a time stamp, never to age a token. */
  now(): number
  /** A clock that never jumps, in milliseconds from any origin. */
  monotonic(): number
  /**
   * Runs `task` once after `delayMs` and returns a function that calls it off.
   * A `background` timer does not keep a process alive.
   */
  schedule(task: () => void, delayMs: number, background: boolean): () => void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(task, delayMs, background) {
    const timer: unknown = setTimeout(task, delayMs)
    if (background && hasUnref(timer)) timer.unref()
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  },
}

function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof (timer as { unref?: unknown }).unref === 'function'
}
