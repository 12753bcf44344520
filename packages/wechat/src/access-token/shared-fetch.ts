import type { Clock } from '../clock.ts'
import { WxTransportError } from '../errors/index.ts'
import { sleep } from '../internal/wait.ts'
import { type GuardedStore, StoreDownError } from './store-guard.ts'
import type { Lease, StoredToken } from './types.ts'

/** A token with the monotonic time at which its remaining life was true. */
export interface TimedToken extends StoredToken {
  readonly fromMs: number
}

/** What one process wants of the fleet. */
export interface SharedFetch {
  /** Whether a token found in the store serves; asked anew at every look, as the answer may change meanwhile. */
  readonly serves: (token: TimedToken) => boolean
  /** Why no fetch may be made now; thrown before a lease is taken. */
  readonly mayFetch: () => void
  /** Fetches from the source. Settles within the fetch time-out. */
  readonly fetch: () => Promise<TimedToken>
}

/** Fetches a token once for all processes that share a store. */
export interface TokenFleet {
  obtain(want: SharedFetch): Promise<TimedToken>
  /** Writes a token that this process has, unless one that lives longer is there. */
  publish(token: TimedToken): Promise<void>
}

// A lease is renewed while its holder lives, so a killed one holds the others up for this long and no longer.
const leaseMs = 2000
const renewEveryMs = 500
const storeSlackMs = 3000
const firstPollMs = 20
// A token that is found late may be dead again where tokens are fought over.
const longestPollMs = 80

/**
 * @param appid - whose token
 * @param deps - the shared store, time, and how long one fetch may take
 */
export function createTokenFleet(
  appid: string,
  deps: { store: GuardedStore; clock: Clock; random: () => number; fetchTimeoutMs: number },
): TokenFleet {
  const { store, clock, random } = deps

  async function look(serves: SharedFetch['serves']): Promise<TimedToken | undefined> {
    const fromMs = clock.monotonic()
    const stored = await store.read(appid)
    if (stored === undefined) return undefined
    const token = { ...stored, fromMs }
    return serves(token) ? token : undefined
  }

  async function obtain(want: SharedFetch): Promise<TimedToken> {
    const giveUpAtMs = clock.monotonic() + 2 * (deps.fetchTimeoutMs + storeSlackMs)
    for (let pollMs = firstPollMs; ; pollMs = Math.min(longestPollMs, pollMs * 2)) {
      const found = await look(want.serves)
      if (found !== undefined) return found
      want.mayFetch()
      const owner = globalThis.crypto.randomUUID()
      const fence = await store.acquire(appid, { owner, ttlMs: leaseMs })
      if (fence !== undefined) return underLease({ owner, fence }, want)
      if (clock.monotonic() >= giveUpAtMs)
        throw new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false })
      await sleep(pollMs * (0.5 + random()), clock)
    }
  }

  async function underLease(lease: Lease, want: SharedFetch): Promise<TimedToken> {
    const stopRenewing = keepAlive(lease)
    try {
      // Another process may have written between our look and our lease.
      const found = await look(want.serves)
      if (found !== undefined) return found
      const fetched = await want.fetch()
      const expiresInMs = fetched.expiresInMs - (clock.monotonic() - fetched.fromMs)
      const isWritten = await write({ accessToken: fetched.accessToken, expiresInMs, ...lease })
      // A lost lease writes nothing: whoever holds it now may have a newer token.
      return isWritten ? fetched : ((await look(want.serves).catch(() => undefined)) ?? fetched)
    } finally {
      stopRenewing()
      store.release(appid, lease).catch(() => {})
    }
  }

  /** Renews a lease until the returned function is called, or the lease is lost. */
  function keepAlive(lease: Lease): () => void {
    let cancel: () => void
    let isOver = false
    const later = () => {
      if (!isOver) cancel = clock.schedule(renew, renewEveryMs, false)
    }
    const renew = () => {
      store.renew(appid, { ...lease, ttlMs: leaseMs }).then((isHeld) => {
        if (isHeld) later()
      }, later)
    }
    later()
    return () => {
      isOver = true
      cancel()
    }
  }

  // The token is good whether or not the store could take it.
  async function write(token: StoredToken & Lease): Promise<boolean> {
    try {
      return await store.write(appid, token)
    } catch {
      return true
    }
  }

  return {
    async obtain(want) {
      try {
        return await obtain(want)
      } catch (error) {
        if (!(error instanceof StoreDownError)) throw error
        want.mayFetch()
        return await want.fetch()
      }
    },
    async publish(token) {
      const expiresAtMs = token.fromMs + token.expiresInMs
      const isNewer = (other: TimedToken) => other.fromMs + other.expiresInMs >= expiresAtMs
      if ((await look(isNewer)) !== undefined) return
      const owner = globalThis.crypto.randomUUID()
      const fence = await store.acquire(appid, { owner, ttlMs: leaseMs })
      if (fence === undefined) return
      try {
        const expiresInMs = expiresAtMs - clock.monotonic()
        if (expiresInMs > 0 && (await look(isNewer)) === undefined) {
          await store.write(appid, { accessToken: token.accessToken, expiresInMs, owner, fence })
        }
      } finally {
        await store.release(appid, { owner, fence })
      }
    },
  }
}
