import { createHash } from 'node:crypto'

/** A stream of random values that is the same for the same seed. */
export interface Random {
  uint32(): number
  /** A number from 0 (inclusive) to 1 (exclusive). */
  fraction(): number
  /** Lower-case hex digits. */
  hex(length: number): string
  digits(length: number): string
  alphanumeric(length: number): string
  urlSafe(length: number): string
  /** Random bytes as base64. */
  base64(sizeBytes: number): string
  /** Where the stream stands, for a state file. */
  state(): number[]
  /** Goes on from where another stream stood. */
  resume(state: readonly number[]): void
}

const DIGITS = '0123456789'
const ALPHANUMERIC = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`
const URL_SAFE = `${ALPHANUMERIC}-_`

/**
 * Makes a stream from a seed. Not for secrets: whoever knows the seed knows every value.
 *
 * The generator is sfc32 (small fast counter), which passes PractRand and needs four additions a step.
 */
export function createRandom(seed: string): Random {
  let [a = 0, b = 0, c = 0, d = 1] = hash(seed)

  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const pick = (alphabet: string, length: number) => {
    let out = ''
    for (let i = 0; i < length; i++) out += alphabet[next() % alphabet.length]
    return out
  }
  return {
    uint32: next,
    fraction: () => next() / 2 ** 32,
    hex(length) {
      let out = ''
      while (out.length < length) out += next().toString(16).padStart(8, '0')
      return out.slice(0, length)
    },
    digits: (length) => pick(DIGITS, length),
    alphanumeric: (length) => pick(ALPHANUMERIC, length),
    urlSafe: (length) => pick(URL_SAFE, length),
    base64: (sizeBytes) =>
      Buffer.from(Array.from({ length: sizeBytes }, () => next() & 255)).toString('base64'),
    state: () => [a, b, c, d],
    resume(state) {
      ;[a = 0, b = 0, c = 0, d = 1] = state
    },
  }
}

function hash(seed: string): number[] {
  const digest = createHash('sha256').update(seed).digest()
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset))
}
