import type { Clock } from '../clock.ts'
import { WxApiError, WxTransportError } from '../errors/index.ts'
import { sleep, type Wait } from './wait.ts'

const tries = 3
const firstDelayMs = 200

/**
 * Runs a call that can be repeated, up to three times while the cause passes by itself (busy, network) and the
 * deadline allows it. Delays double and are jittered, so that a fleet does not come back all at once.
 */
export async function withBackOff<T>(
  call: () => Promise<T>,
  wait: Wait,
  deps: { clock: Clock; random: () => number },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const delayMs = firstDelayMs * 2 ** (attempt - 1) * (0.5 + deps.random())
      const tooLate = deps.clock.monotonic() + delayMs >= wait.deadlineAtMs
      if (attempt === tries || tooLate || !mayPass(error)) throw error
      await sleep(delayMs, deps.clock, wait)
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof WxApiError) return error.retryPolicy === 'back-off'
  return (
    error instanceof WxTransportError &&
    error.retryable &&
    error.code !== 'ERR_WX_ABORTED' &&
    error.code !== 'ERR_WX_TIMEOUT'
  )
}
