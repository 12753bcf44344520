/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** One of them, by weight. */
  weighted<T>(from: readonly (readonly [T, number])[]): T
  /** A duration around `typicalMs`, with the long tail that calls over a network have. */
  durationMs(typicalMs: number): number
  hex(digits: number): string
  /** An id in the form of UUIDv7, made at a moment. */
  id(atMs: number): string
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const word = () =>
    Math.floor(next() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0')
  const hex = (digits: number) => {
    let text = ''
    while (text.length < digits) text += word()
    return text.slice(0, digits)
  }
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    weighted: (from) => {
      let left = next() * from.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of from) {
        left -= weight
        if (left < 0) return value
      }
      return (from.at(-1) as (typeof from)[number])[0]
    },
    durationMs: (typicalMs) => Math.round(typicalMs * (0.6 + next() ** 4 * 6 + next() * 0.8)),
    hex,
    id: (atMs) => {
      const time = Math.floor(atMs).toString(16).padStart(12, '0')
      const rest = hex(18)
      const variant = '89ab'[below(4)]
      return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(3, 6)}-${rest.slice(6)}`
    },
  }
}
