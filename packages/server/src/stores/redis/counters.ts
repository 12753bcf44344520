import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { MakeCounter } from '../limit-counters.ts'

/**
 * Keeps the counts of all processes in Redis. A Redis that is not there fails at once: a request does not wait for it.
 */
export function redisCounters(redis: Redis): MakeCounter {
  return (options) =>
    new RateLimiterRedis({
      ...options,
      keyPrefix: `haoma:limit:${options.keyPrefix}`,
      storeClient: redis,
      rejectIfRedisNotReady: true,
    })
}
