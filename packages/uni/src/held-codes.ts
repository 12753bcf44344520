import type { Cache } from './cache.ts'
import type { HeldCode } from './machine.ts'

/** Paid codes over a restart of the mini program. */
export function createHeldCodes(cache: Cache, key: string) {
  return {
    /** Those that still live. A storage that somebody else wrote to holds none. */
    read(nowMs: number): HeldCode[] {
      const stored = cache.get(key)
      return Array.isArray(stored) ? stored.filter((code) => isHeldCode(code) && code.diesAtMs > nowMs) : []
    },
    write(codes: HeldCode[]) {
      if (codes.length > 0) cache.set(key, codes)
      else cache.remove(key)
    },
  }
}

function isHeldCode(value: unknown): value is HeldCode {
  const { phoneCode, component, diesAtMs } = (value ?? {}) as Partial<HeldCode>
  return (
    typeof phoneCode === 'string' &&
    typeof diesAtMs === 'number' &&
    (component === 'quick' || component === 'realtime')
  )
}
