import type { ForcePermit, TokenStore } from '../types.ts'

/** The part of an `ioredis` client (or cluster) that is used. */
export interface RedisLike {
  eval(script: string, keyCount: number, ...args: (string | number)[]): Promise<unknown>
}

/** Options of {@link createRedisTokenStore}. */
export interface RedisTokenStoreOptions {
  /** Your `ioredis` client. It stays yours: the SDK does not close it. */
  readonly client: RedisLike
  /** First part of every key. Default is `haoma:wechat`. */
  readonly prefix?: string
}

// One script per operation, so that each is atomic. Time is Redis's own.
const scripts = {
  read: `local token = redis.call('get', KEYS[1])
    if not token then return false end
    return { token, redis.call('pttl', KEYS[1]) }`,
  acquire: `if redis.call('exists', KEYS[1]) == 1 then return false end
    local fence = redis.call('incr', KEYS[2])
    redis.call('set', KEYS[1], ARGV[1] .. ':' .. fence, 'PX', ARGV[2])
    return fence`,
  renew: `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('pexpire', KEYS[1], ARGV[2])`,
  write: `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[3])
    return 1`,
  release: `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`,
  takeForcePermit: `local time = redis.call('time')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local max, window, interval = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
    redis.call('zremrangebyscore', KEYS[1], '-inf', now - window)
    local last = redis.call('zrevrange', KEYS[1], 0, 0, 'withscores')[2]
    local oldest = redis.call('zrange', KEYS[1], 0, 0, 'withscores')[2]
    local wait = 0
    if last then wait = math.max(wait, last + interval - now) end
    if redis.call('zcard', KEYS[1]) >= max then wait = math.max(wait, oldest + window - now) end
    if wait > 0 then return wait end
    redis.call('zadd', KEYS[1], now, ARGV[4])
    redis.call('pexpire', KEYS[1], window)
    return 0`,
} as const

/**
 * Shares tokens through Redis. Keys carry the appid and never a secret; each app's keys lie in one cluster slot.
 *
 * @param options - your client, and the prefix of the keys
 */
export function createRedisTokenStore({
  client,
  prefix = 'haoma:wechat',
}: RedisTokenStoreOptions): TokenStore {
  const keyOf = (appid: string, what: 'token' | 'lease' | 'fence' | 'forced') =>
    `${prefix}:{${appid}}:${what}`
  const wholeMs = (ms: number) => Math.max(1, Math.floor(ms))

  return {
    name: 'redis',
    async read(appid) {
      const found = await client.eval(scripts.read, 1, keyOf(appid, 'token'))
      if (!Array.isArray(found)) return undefined
      const expiresInMs = Number(found[1])
      return expiresInMs > 0 ? { accessToken: String(found[0]), expiresInMs } : undefined
    },
    async acquire(appid, { owner, ttlMs }) {
      const keys = [keyOf(appid, 'lease'), keyOf(appid, 'fence')]
      const fence = await client.eval(scripts.acquire, 2, ...keys, owner, wholeMs(ttlMs))
      return fence === null ? undefined : Number(fence)
    },
    async renew(appid, { owner, fence, ttlMs }) {
      const claim = `${owner}:${fence}`
      return (await client.eval(scripts.renew, 1, keyOf(appid, 'lease'), claim, wholeMs(ttlMs))) === 1
    },
    async write(appid, { accessToken, expiresInMs, owner, fence }) {
      const keys = [keyOf(appid, 'lease'), keyOf(appid, 'token')]
      const claim = `${owner}:${fence}`
      return (await client.eval(scripts.write, 2, ...keys, claim, accessToken, wholeMs(expiresInMs))) === 1
    },
    async release(appid, { owner, fence }) {
      await client.eval(scripts.release, 1, keyOf(appid, 'lease'), `${owner}:${fence}`)
    },
    async takeForcePermit(appid, { max, windowMs, minIntervalMs }): Promise<ForcePermit> {
      const member = globalThis.crypto.randomUUID()
      const key = keyOf(appid, 'forced')
      const retryAfterMs = Number(
        await client.eval(scripts.takeForcePermit, 1, key, max, windowMs, minIntervalMs, member),
      )
      return retryAfterMs === 0 ? { granted: true } : { granted: false, retryAfterMs }
    },
  }
}
