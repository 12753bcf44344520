/** The first 32 bits of the fractional parts of the roots of the first primes, as FIPS 180-4 wants them. */
function fractions(count: number, root: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) {
    let isPrime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false
    if (isPrime) found.push(((n ** (1 / root) % 1) * 2 ** 32) | 0)
  }
  return found
}

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by))

/**
 * SHA-256 of an ASCII text, as hex. Mini programs have no Web Crypto.
 *
 * @see https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 */
export function sha256(text: string): string {
  const k = fractions(64, 3)
  const hash = fractions(8, 2)
  const words: number[] = new Array((((text.length + 8) >> 6) + 1) * 16).fill(0)
  const w = (block: number[], at: number) => block[at] ?? 0
  // The text, and a bit after it.
  for (let at = 0; at <= text.length; at++) {
    const byte = at < text.length ? text.charCodeAt(at) : 0x80
    words[at >> 2] = w(words, at >> 2) | (byte << (24 - (at % 4) * 8))
  }
  words[words.length - 1] = text.length * 8

  for (let from = 0; from < words.length; from += 16) {
    const block = words.slice(from, from + 16)
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
    for (let t = 0; t < 64; t++) {
      if (t >= 16) {
        const x = w(block, t - 15)
        const y = w(block, t - 2)
        const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
        const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
        block[t] = (w(block, t - 16) + s0 + w(block, t - 7) + s1) | 0
      }
      const S1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const S0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + w(k, t) + w(block, t)) | 0
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g]
    }
    for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) hash[at] = (w(hash, at) + word) | 0
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}
