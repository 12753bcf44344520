import type { Clock } from '../kernel/clock.ts'
import type { ExchangeStore, Lease } from '../stores/exchange-store.ts'

/**
 * Holds codes while something is done about them that takes longer than a lease: WeChat is slow, or the database is
 * away and an answer waits to be stored. What is done quickly is never renewed.
 */
export interface Leases {
  lease(): Lease
  hold(keys: readonly string[]): void
  drop(keys: readonly string[]): void
}

export function createLeases({
  exchanges,
  owner,
  forMs,
  clock,
}: {
  exchanges: ExchangeStore
  owner: string
  forMs: number
  clock: Clock
}): Leases {
  const held = new Set<string>()
  let timer: ReturnType<typeof setInterval> | undefined
  const lease = () => ({ owner, forMs, nowMs: clock.now() })

  const renew = () => {
    // A lease that cannot be renewed runs out; the fence sees to what that means.
    exchanges.renew([...held], lease()).catch(() => {})
  }

  return {
    lease,
    hold: (keys) => {
      for (const key of keys) held.add(key)
      timer ??= setInterval(renew, forMs / 3)
      timer.unref()
    },
    drop: (keys) => {
      for (const key of keys) held.delete(key)
      if (held.size > 0) return
      clearInterval(timer)
      timer = undefined
    },
  }
}
