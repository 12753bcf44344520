import { toLoginError } from './login-error.ts'

/** Pauses before the second, third and fourth sending, in milliseconds. */
const pausesMs = [400, 1200, 3000]

/**
 * Does the task, and again after a pause while it fails with `action: "retry"`: the service answers the same
 * body with the same result, so a code survives a lost answer.
 *
 * @param untilMs - when the code in the task dies; nothing is sent after it
 * @throws {@link LoginError} of the last attempt
 */
export async function withResend<T>(task: () => Promise<T>, untilMs: number): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await task()
    } catch (cause) {
      const error = toLoginError(cause)
      const waitMs = Math.max(pauseMs, (error.retryAfterS ?? 0) * 1000) * (1 + Math.random() / 4)
      // A person is looking at a spinner: a longer wait is better spent on a button that says "try again".
      if (error.action !== 'retry' || waitMs > maxWaitMs || Date.now() + waitMs >= untilMs) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
  return task()
}

const maxWaitMs = 5000
