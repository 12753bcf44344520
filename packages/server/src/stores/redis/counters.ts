import type { Redis } from 'ioredis'
import { type IRateLimiterOptions, type RateLimiterAbstract, RateLimiterRedis } from 'rate-limiter-flexible'

/**
 * Keeps the counts of all processes in Redis. A Redis that is not there fails at once: a request does not wait for it.
 */
export function redisCounters(redis: Redis): (options: IRateLimiterOptions) => RateLimiterAbstract {
  return (options) =>
    new RateLimiterRedis({
      ...options,
      keyPrefix: `haoma:limit:${options.keyPrefix}`,
      storeClient: redis,
      rejectIfRedisNotReady: true,
    })
}
