import type { Platform } from './platform/platform.ts'

/** The storage as a cache: it may be full or blocked, and then what was written holds until the program ends. */
export interface Cache {
  get(key: string): unknown
  set(key: string, value: unknown): void
  remove(key: string): void
}

export function createCache(storage: Platform['storage']): Cache {
  /** What the storage did not take. */
  const kept = new Map<string, unknown>()

  function attempt(key: string, value: unknown, work: () => void) {
    try {
      work()
      kept.delete(key)
      return true
    } catch {
      kept.set(key, value)
      return false
    }
  }

  return {
    // Else from the storage: in a browser another tab may have written it in the meantime.
    get(key) {
      if (kept.has(key)) return kept.get(key)
      try {
        return storage.get(key)
      } catch {
        return undefined
      }
    },
    set(key, value) {
      if (attempt(key, value, () => storage.set(key, value))) return
      try {
        // What is there is older than what could not be written: the next launch must not believe it.
        storage.remove(key)
      } catch {
        // Blocked altogether: nothing is there to be believed.
      }
    },
    remove: (key) => void attempt(key, undefined, () => storage.remove(key)),
  }
}
