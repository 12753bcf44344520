import { type Clock, systemClock } from '../../clock.ts'
import { decidePermit } from '../force-permits.ts'
import type { Lease, TokenStore } from '../types.ts'

interface Entry {
  token?: { readonly accessToken: string; readonly expiresAtMs: number }
  lease?: Lease & { readonly endsAtMs: number }
  fence: number
  forcedAtMs: number[]
}

/** A token store that can let go of an app: nobody else reads it. */
export interface MemoryTokenStore extends TokenStore {
  /** Drops all that is kept for an app. A writer whose lease is of before writes nothing. */
  forget(appid: string): void
}

/**
 * Keeps tokens in this process. The default; hand one to several clients to let them share.
 *
 * @param options - the clock, for tests
 */
export function createMemoryTokenStore(options: { readonly clock?: Clock } = {}): MemoryTokenStore {
  const { monotonic } = options.clock ?? systemClock
  const entries = new Map<string, Entry>()

  function entryOf(appid: string): Entry {
    let entry = entries.get(appid)
    if (entry === undefined) {
      entry = { fence: 0, forcedAtMs: [] }
      entries.set(appid, entry)
    }
    return entry
  }

  function holds(entry: Entry, lease: Lease): boolean {
    const { lease: current } = entry
    return current?.owner === lease.owner && current.fence === lease.fence && current.endsAtMs > monotonic()
  }

  return {
    name: 'memory',
    async read(appid) {
      const token = entries.get(appid)?.token
      const expiresInMs = (token?.expiresAtMs ?? 0) - monotonic()
      return token === undefined || expiresInMs <= 0
        ? undefined
        : { accessToken: token.accessToken, expiresInMs }
    },
    async acquire(appid, { owner, ttlMs }) {
      const entry = entryOf(appid)
      const now = monotonic()
      if (entry.lease !== undefined && entry.lease.endsAtMs > now) return undefined
      entry.fence += 1
      entry.lease = { owner, fence: entry.fence, endsAtMs: now + ttlMs }
      return entry.fence
    },
    async renew(appid, { ttlMs, ...lease }) {
      const entry = entryOf(appid)
      if (!holds(entry, lease)) return false
      entry.lease = { ...lease, endsAtMs: monotonic() + ttlMs }
      return true
    },
    async write(appid, { accessToken, expiresInMs, owner, fence }) {
      const entry = entryOf(appid)
      if (!holds(entry, { owner, fence })) return false
      entry.token = { accessToken, expiresAtMs: monotonic() + expiresInMs }
      return true
    },
    async release(appid, lease) {
      const entry = entryOf(appid)
      if (holds(entry, lease)) delete entry.lease
    },
    async takeForcePermit(appid, rule) {
      const entry = entryOf(appid)
      const { permit, takenAtMs } = decidePermit(entry.forcedAtMs, rule, monotonic())
      entry.forcedAtMs = takenAtMs
      return permit
    },
    forget: (appid) => void entries.delete(appid),
  }
}
