import type { Clock } from '../clock.ts'

/** Work that whoever asks for it meanwhile waits for together. */
export interface Flight<T> {
  /** Joins what is under way, or starts `work`. */
  join(work: () => Promise<T>): Promise<T>
  /** What is under way, if it can be joined. */
  current(): Promise<T> | undefined
  /** Lets nobody join any more what is under way; who waits for it goes on waiting. */
  drop(): void
}

/**
 * @param deps - time, and after how many milliseconds work is taken as lost and started anew by the next who asks
 */
export function createFlight<T>(deps: { clock: Clock; longestMs: number; isShared?: boolean }): Flight<T> {
  const { clock, longestMs, isShared = sharesPromises() } = deps
  let flying: { readonly promise: Promise<T>; readonly startedAtMs: number } | undefined

  function current(): Promise<T> | undefined {
    return flying !== undefined && clock.monotonic() - flying.startedAtMs < longestMs
      ? flying.promise
      : undefined
  }

  return {
    current,
    join(work) {
      const joined = current()
      if (joined !== undefined) return joined
      const promise = work()
      if (!isShared) return promise
      const mine = { promise, startedAtMs: clock.monotonic() }
      flying = mine
      const land = () => {
        if (flying === mine) flying = undefined
      }
      promise.then(land, land)
      return promise
    },
    drop() {
      flying = undefined
    },
  }
}

/**
 * Whether a promise may be awaited by another request than the one that made it. In Workers it may not: the runtime
 * ends fetches and timers with their request, and what hangs on them never settles.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/context/
 */
function sharesPromises(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } }
  return navigator?.userAgent !== 'Cloudflare-Workers'
}
