import { createClientAddresses } from '../guards/client-address.ts'
import { createLimits } from '../guards/limits.ts'
import type { Logger } from '../kernel/logger.ts'
import type { HaomaOptions } from '../options.ts'
import type { Database } from '../stores/database.ts'
import type { MakeCounter } from '../stores/limit-counters.ts'
import { connectRedis, type RedisConnectionParts } from '../stores/redis/connection.ts'
import { redisCounters } from '../stores/redis/counters.ts'

export interface GuardParts {
  options: Pick<HaomaOptions, 'limits' | 'redisUrl' | 'limitsIn' | 'trustedProxies'>
  db: Pick<Database, 'makeCounter'>
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
export function assembleGuards({ options, db, logger, watch }: GuardParts) {
  const addresses = createClientAddresses(options.trustedProxies)
  /** Whom a request comes from, decided once, before any surface sees it. */
  const origin = (peerIp: string | undefined, headers: Headers) => ({
    clientIp: addresses.of(peerIp, headers.get('x-forwarded-for')),
    isPeerTrusted: addresses.isTrusted(peerIp),
  })
  const shared = sharedCounters(options, db)
  const onRefused = (limit: string) => watch?.refused(limit)
  const overrides = options.limits ?? {}
  if (!shared) return { origin, limits: createLimits({ overrides, onRefused }), close: async () => {} }

  // Said once when it changes, not once a request.
  let isUp: boolean | undefined
  const change = (now: boolean, error?: unknown) => {
    if (isUp === now) return
    isUp = now
    watch?.shared(now)
    if (now) logger.info(`limits are counted in ${shared.name}`)
    else {
      const text = `${shared.name} is away: limits are counted in this process until it is back`
      logger.warn({ err: error }, text)
    }
  }
  const { makeCounter, close } = shared.open({
    onUp: () => change(true),
    onDown: (error) => change(false, error),
  })
  return {
    origin,
    limits: createLimits({
      overrides,
      onRefused,
      makeCounter,
      onDegraded: (error) => change(false, error),
      onShared: () => change(true),
    }),
    close,
  }
}

/** Where all processes count together. */
interface SharedCounters {
  name: string
  open(told: Pick<RedisConnectionParts, 'onUp' | 'onDown'>): {
    makeCounter: MakeCounter
    close(): Promise<void>
  }
}

function sharedCounters(
  { redisUrl, limitsIn }: GuardParts['options'],
  { makeCounter }: GuardParts['db'],
): SharedCounters | undefined {
  if (redisUrl !== undefined) {
    const open: SharedCounters['open'] = (told) => {
      const { client, close } = connectRedis({ url: redisUrl, ...told })
      return { makeCounter: redisCounters(client), close }
    }
    return { name: 'Redis', open }
  }
  if (limitsIn !== 'database') return undefined
  if (!makeCounter) {
    throw new TypeError(
      "limitsIn: 'database' 需要 PostgreSQL；SQLite 只有一个进程，请用 'process' / needs PostgreSQL; one process serves SQLite, so use 'process'",
    )
  }
  return { name: 'PostgreSQL', open: () => ({ makeCounter, close: async () => {} }) }
}
