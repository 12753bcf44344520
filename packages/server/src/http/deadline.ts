import { HaomaError } from '../kernel/errors.ts'
import type { Middleware } from './router.ts'

/**
 * Answers `TIMED_OUT` when nothing else was answered in so many milliseconds, also to a body that does not arrive. What
 * was begun goes on, and the service stays open for it: the same request, sent again, finds what came of it.
 */
export function answerWithin(ms: number): Middleware {
  return async (c, next) => {
    const going = next()
    let timer: ReturnType<typeof setTimeout> | undefined
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        c.env.hold(going.catch(() => {}))
        reject(new HaomaError('TIMED_OUT', { retryAfterS: 1 }))
      }, ms)
    })
    try {
      await Promise.race([going, over])
    } finally {
      clearTimeout(timer)
    }
  }
}
