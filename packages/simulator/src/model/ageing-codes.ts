import type { Clock } from './clock.ts'

/** Life of a login code and of a phone code. */
export const CODE_TTL_MS = 300_000

interface AgeingCode {
  code: string
  /** From when its age counts; for phone codes the tap, not the consent. */
  bornAtMs: number
  /** Present from the start: a field that is added later makes objects slow to read. */
  usedAtMs: number | undefined
}

export interface AgeingCodes<C extends AgeingCode> {
  add(code: C): C
  /** The code while it is remembered, used and expired ones for a while too. */
  find(code: string): C | undefined
  use(code: C): void
  isExpired(code: C): boolean
  size(): number
  /** The newest codes, newest first. */
  recent(limit: number): C[]
  list(): C[]
  load(codes: readonly C[]): void
}

/**
 * Codes in order of birth. Used and expired ones stay for a time, so that the log can say why a code was
 * refused; then they go, a few with each new one, so that memory stays flat however many are made.
 *
 * @param usedKept - how many used codes are remembered
 */
export function createAgeingCodes<C extends AgeingCode>(clock: Clock, usedKept: number): AgeingCodes<C> {
  const codes = new Map<string, C>()
  const used: string[] = []
  let oldestUsed = 0

  const isExpired = (code: C) => clock.nowMs() - code.bornAtMs > CODE_TTL_MS
  const dropExpired = () => {
    let budget = 4
    for (const [key, code] of codes) {
      if (budget-- === 0 || clock.nowMs() - code.bornAtMs <= 2 * CODE_TTL_MS) return
      codes.delete(key)
    }
  }
  const dropUsed = () => {
    while (used.length - oldestUsed > usedKept) codes.delete(used[oldestUsed++] as string)
    if (oldestUsed > usedKept) {
      used.splice(0, oldestUsed)
      oldestUsed = 0
    }
  }
  return {
    add(code) {
      dropExpired()
      codes.set(code.code, code)
      return code
    },
    find: (code) => codes.get(code),
    use(code) {
      code.usedAtMs = clock.nowMs()
      used.push(code.code)
      dropUsed()
    },
    isExpired,
    size: () => codes.size,
    recent(limit) {
      const newest: C[] = []
      let toSkip = codes.size - limit
      for (const code of codes.values()) if (toSkip-- <= 0) newest.push(code)
      return newest.reverse()
    },
    list: () => [...codes.values()],
    load(loaded) {
      for (const code of loaded) codes.set(code.code, { ...code, usedAtMs: code.usedAtMs ?? undefined })
    },
  }
}
