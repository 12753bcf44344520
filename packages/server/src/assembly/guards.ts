import { createClientAddresses } from '../guards/client-address.ts'
import { createLimits } from '../guards/limits.ts'
import type { Logger } from '../kernel/logger.ts'
import type { HaomaOptions } from '../options.ts'
import { connectRedis } from '../stores/redis/connection.ts'
import { redisCounters } from '../stores/redis/counters.ts'

export interface GuardParts {
  options: Pick<HaomaOptions, 'limits' | 'redisUrl' | 'trustedProxies'>
  logger: Logger
  /** Told when a limit is used up, and whether shared counters can be used. */
  watch?: GuardWatch
}

export interface GuardWatch {
  refused(limit: string): void
  /** Only when there are shared counters. */
  shared(isUp: boolean): void
}

/** Puts together what stands before the routes: who is believed about addresses, and who is counted where. */
export function assembleGuards({ options, logger, watch }: GuardParts) {
  const addresses = createClientAddresses(options.trustedProxies)
  /** Whom a request comes from, decided once, before any surface sees it. */
  const origin = (peerIp: string | undefined, headers: Headers) => ({
    clientIp: addresses.of(peerIp, headers.get('x-forwarded-for')),
    isPeerTrusted: addresses.isTrusted(peerIp),
  })
  const refused = { onRefused: (limit: string) => watch?.refused(limit) }
  const overrides = options.limits ?? {}
  if (options.redisUrl === undefined) {
    return { origin, limits: createLimits({ overrides, ...refused }), close: async () => {} }
  }

  // Said once when it changes, not once a request.
  let isUp: boolean | undefined
  const change = (now: boolean, error?: unknown) => {
    if (isUp === now) return
    isUp = now
    watch?.shared(now)
    if (now) logger.info('limits are counted in Redis')
    else logger.warn({ err: error }, 'Redis is away: limits are counted in this process until it is back')
  }
  const redis = connectRedis({
    url: options.redisUrl,
    onUp: () => change(true),
    onDown: (error) => change(false, error),
  })
  return {
    origin,
    limits: createLimits({
      overrides,
      ...refused,
      makeCounter: redisCounters(redis.client),
      onDegraded: (error) => change(false, error),
      onShared: () => change(true),
    }),
    close: redis.close,
  }
}
