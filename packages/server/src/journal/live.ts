import type { LoginEntry } from '@haoma/protocol/admin'
import { HaomaError } from '../kernel/errors.ts'
import type { LoginFilter, LoginStore } from '../stores/login-store.ts'
import { cursorOf, type LoginLookUp, readCursor } from './look-up.ts'

/** A login that was written down, and where to go on from it. */
export interface LiveLogin {
  entry: LoginEntry
  cursor: string
}

/** Logins of every process as they are written down. */
export interface LiveLogins {
  /**
   * New entries, until the signal. From a cursor on it begins with what came since; around there an entry may come
   * twice. When more comes than anybody can read, the newest are shown.
   *
   * @throws {HaomaError} `RATE_LIMITED` when too many look already.
   */
  watch(
    filter: Pick<LoginFilter, 'appid' | 'way' | 'outcome' | 'isFailed'>,
    options: { after: string | undefined; signal: AbortSignal },
  ): AsyncGenerator<LiveLogin[]>
}

export interface LiveLoginsParts {
  logins: LoginStore
  lookUp: Pick<LoginLookUp, 'show'>
  now(): number
  /** Resolves after a pause, or at the signal. */
  pause(signal: AbortSignal): Promise<void>
  /** Most who may look at once. Default is 20. */
  mostWatchers?: number
}

/** A login is written down when it was answered, a second later, and by the clock of its process. */
const LATE_MS = 45_000
const AT_ONCE = 300
const WATCHERS = 20

export function createLiveLogins({
  logins,
  lookUp,
  now,
  pause,
  mostWatchers = WATCHERS,
}: LiveLoginsParts): LiveLogins {
  let watchers = 0

  async function* follow(
    filter: Parameters<LiveLogins['watch']>[0],
    { after, signal }: { after: string | undefined; signal: AbortSignal },
  ): AsyncGenerator<LiveLogin[]> {
    const seen = new Map<string, number>()
    const look = async (fromMs: number) => {
      const found = await logins.search({ ...filter, fromMs, limit: AT_ONCE })
      const fresh = found.filter((entry) => !seen.has(cursorOf(entry)))
      for (const entry of fresh) seen.set(cursorOf(entry), entry.atMs)
      return fresh.reverse()
    }
    const cursor = readCursor(after)
    let newestMs = cursor?.atMs ?? now()
    if (cursor) seen.set(cursorOf(cursor), cursor.atMs)
    else await look(newestMs - LATE_MS)
    while (!signal.aborted) {
      const fresh = await look(newestMs - LATE_MS)
      newestMs = Math.max(newestMs, ...fresh.map(({ atMs }) => atMs))
      for (const [name, atMs] of seen) if (atMs < newestMs - LATE_MS) seen.delete(name)
      const entries = await lookUp.show(fresh)
      yield fresh.map((entry, i) => ({ entry: entries[i] as LoginEntry, cursor: cursorOf(entry) }))
      await pause(signal)
    }
  }

  return {
    watch: async function* (filter, options) {
      if (watchers >= mostWatchers) throw new HaomaError('RATE_LIMITED', { retryAfterS: 10 })
      watchers += 1
      try {
        yield* follow(filter, options)
      } finally {
        watchers -= 1
      }
    },
  }
}
