import type { Clock } from '../clock.ts'
import { plainCause } from '../transport/plain-cause.ts'
import type { TokenStore } from './types.ts'

/** The store did not do what it was asked. The SDK then goes on without it. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError'
}

/** State of the store, for `health()`. */
export interface StoreHealth {
  readonly name: string
  readonly state: 'ok' | 'down'
  /** Unix milliseconds. */
  readonly downSinceMs: number | undefined
  readonly error: string | undefined
}

/** A store that answers in time or is taken as down. While it is down it is not asked, but for a probe. */
export interface GuardedStore extends Omit<TokenStore, 'close'> {
  health(): StoreHealth
  /** Calls back each time the store has come back, until the returned function is called. */
  onRecovered(listener: () => void): () => void
  close(): Promise<void>
}

const probeEveryMs = 5000

/**
 * @param store - the store of the user
 * @param deps - time, how long a call may take, and who listens
 */
export function guardStore(
  store: TokenStore,
  deps: {
    clock: Clock
    timeoutMs: number
    events: { storeDown(details: { error: Error }): void; storeRecovered(): void }
  },
): GuardedStore {
  const { clock, timeoutMs, events } = deps
  const listeners = new Set<() => void>()
  let down: { readonly sinceMs: number; readonly error: Error } | undefined
  let cancelProbe: (() => void) | undefined
  let isClosed = false

  function inTime<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs, false)
      work().then(resolve, reject).finally(cancel)
    })
  }

  async function ask<T>(appid: string, work: () => Promise<T>): Promise<T> {
    if (down !== undefined) throw new StoreDownError(down.error.message)
    try {
      return await inTime(work)
    } catch (error) {
      const cause = plainCause(error)
      if (down === undefined && !isClosed) {
        down = { sinceMs: clock.now(), error: cause }
        events.storeDown({ error: cause })
        probeLater(appid)
      }
      throw new StoreDownError(cause.message)
    }
  }

  function probeLater(appid: string): void {
    if (isClosed) return
    cancelProbe = clock.schedule(() => void probe(appid), probeEveryMs, true)
  }

  async function probe(appid: string): Promise<void> {
    try {
      await inTime(() => store.read(appid))
    } catch {
      probeLater(appid)
      return
    }
    down = undefined
    events.storeRecovered()
    for (const listener of listeners) listener()
  }

  return {
    name: store.name,
    read: (appid) => ask(appid, () => store.read(appid)),
    acquire: (appid, claim) => ask(appid, () => store.acquire(appid, claim)),
    write: (appid, token) => ask(appid, () => store.write(appid, token)),
    release: (appid, lease) => ask(appid, () => store.release(appid, lease)),
    takeForcePermit: (appid, rule) => ask(appid, () => store.takeForcePermit(appid, rule)),
    health: () => ({
      name: store.name,
      state: down === undefined ? 'ok' : 'down',
      downSinceMs: down?.sinceMs,
      error: down?.error.message,
    }),
    onRecovered(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      isClosed = true
      cancelProbe?.()
      await store.close?.()
    },
  }
}
