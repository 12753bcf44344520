import type { Clock } from '../clock.ts'
import { WxTransportError } from '../errors/index.ts'
import { onAbort } from './on-abort.ts'

/** How long a caller is willing to wait. Every wait has an end. */
export interface Wait {
  /** On the monotonic clock. */
  readonly deadlineAtMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * Waits for a promise that others wait for too: the deadline or the signal of this caller ends this caller's
 * wait and nothing else.
 */
export function waitFor<T>(promise: Promise<T>, wait: Wait, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const { signal } = wait
    if (signal?.aborted) {
      // Others may still wait for it; if nobody does, its failure is nobody's either.
      promise.catch(() => {})
      return reject(aborted())
    }
    const cancel = clock.schedule(
      () => finish(() => reject(new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false }))),
      Math.max(0, wait.deadlineAtMs - clock.monotonic()),
      false,
    )
    const unfollow = onAbort(signal, () => finish(() => reject(aborted())))

    function finish(settle: () => void): void {
      cancel()
      unfollow()
      settle()
    }

    promise.then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    )
  })
}

/** Sleeps, for as long as the caller is willing to wait. */
export function sleep(delayMs: number, clock: Clock, wait?: Wait): Promise<void> {
  const nap = new Promise<void>((resolve) => {
    clock.schedule(resolve, delayMs, false)
  })
  return wait === undefined ? nap : waitFor(nap, wait, clock)
}

/** The error of a caller that gave up before anything was sent. */
export function aborted(): WxTransportError {
  return new WxTransportError('ERR_WX_ABORTED', { requestSent: false })
}
