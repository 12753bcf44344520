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
const probeKey = 'probe'

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
  let down: { readonly sinceMs: number; readonly error: Error; probeBeforeMs: number } | undefined
  let cancelProbe: (() => void) | undefined
  let isClosed = false

  function inTime<T>(work: () => Promise<T>, onLate: (value: T) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false
      const giveUp = () => {
        isLate = true
        reject(new Error(`no answer in ${timeoutMs} ms`))
      }
      const cancel = clock.schedule(giveUp, timeoutMs, false)
      const answer = (value: T) => (isLate ? onLate(value) : resolve(value))
      started(work).then(answer, reject).finally(cancel)
    })
  }

  async function ask<T>(appid: string, work: () => Promise<T>, onLate?: (value: T) => void): Promise<T> {
    if (down !== undefined) {
      if (clock.monotonic() >= down.probeBeforeMs) probeLater(appid, 0)
      throw new StoreDownError(down.error.message)
    }
    try {
      return await inTime(work, onLate)
    } catch (error) {
      const cause = plainCause(error)
      if (down === undefined && !isClosed) {
        down = { sinceMs: clock.now(), error: cause, probeBeforeMs: 0 }
        events.storeDown({ error: cause })
        probeLater(appid)
      }
      throw new StoreDownError(cause.message)
    }
  }

  function probeLater(appid: string, delayMs = probeEveryMs): void {
    if (isClosed || down === undefined) return
    // In Workers a timer ends with the request that set it; a later request then sets it again.
    down.probeBeforeMs = clock.monotonic() + delayMs + timeoutMs + probeEveryMs
    cancelProbe?.()
    cancelProbe = clock.schedule(() => void probe(appid), delayMs, true)
  }

  // A store that can be read may be one that cannot be written: a lease of nobody's is taken, not a token read.
  async function probe(appid: string): Promise<void> {
    const owner = globalThis.crypto.randomUUID()
    const claim = { owner, ttlMs: probeEveryMs }
    try {
      const fence = await inTime(() => store.acquire(probeKey, claim))
      if (fence !== undefined) await inTime(() => store.release(probeKey, { owner, fence }))
    } catch {
      probeLater(appid)
      return
    }
    if (down === undefined) return
    down = undefined
    events.storeRecovered()
    for (const listener of listeners) listener()
  }

  function giveBack(appid: string, owner: string, fence: number | undefined): void {
    if (fence !== undefined) store.release(appid, { owner, fence }).catch(() => {})
  }

  return {
    name: store.name,
    read: (appid) => ask(appid, () => store.read(appid)),
    // A lease that comes after nobody waits for it any more would hold everybody up.
    acquire: (appid, claim) =>
      ask(
        appid,
        () => store.acquire(appid, claim),
        (fence) => giveBack(appid, claim.owner, fence),
      ),
    renew: (appid, claim) => ask(appid, () => store.renew(appid, claim)),
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

/** What a store throws at once counts as what it rejects with. */
async function started<T>(work: () => Promise<T>): Promise<T> {
  return work()
}
