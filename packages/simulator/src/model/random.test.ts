import { describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { createRids } from './rids.ts'

describe('a random stream', () => {
  it('is the same for the same seed, and goes on from a kept state', () => {
    const [a, b, c] = [createRandom('x'), createRandom('x'), createRandom('y')]
    expect(a.hex(64)).toBe(b.hex(64))
    expect(a.hex(64)).not.toBe(c.hex(64))
    const resumed = createRandom('y')
    resumed.resume(a.state())
    expect(resumed.alphanumeric(32)).toBe(a.alphanumeric(32))
  })

  it('gives values of the asked shape', () => {
    const random = createRandom('x')
    expect(random.hex(64)).toMatch(/^[0-9a-f]{64}$/)
    expect(random.hex(5)).toMatch(/^[0-9a-f]{5}$/)
    expect(random.digits(6)).toMatch(/^\d{6}$/)
    expect(random.alphanumeric(32)).toMatch(/^[0-9A-Za-z]{32}$/)
    expect(random.urlSafe(133)).toMatch(/^[\w-]{133}$/)
    expect(Buffer.from(random.base64(16), 'base64')).toHaveLength(16)
  })

  it('spreads: of a hundred thousand codes no two are the same, and shares come out as asked', () => {
    const random = createRandom('x')
    expect(new Set(Array.from({ length: 100_000 }, () => random.hex(64))).size).toBe(100_000)
    const hits = Array.from({ length: 100_000 }, () => random.fraction()).filter(
      (share) => share < 0.1,
    ).length
    expect(hits).toBeGreaterThan(9_500)
    expect(hits).toBeLessThan(10_500)
  })
})

describe('rids', () => {
  it('begin with the time, and differ for each request', () => {
    const rids = createRids('x')
    const written = Array.from({ length: 10_000 }, () => rids.write(1_635_156_704_123, rids.next()))
    expect(new Set(written).size).toBe(10_000)
    for (const rid of written) expect(rid).toMatch(/^617682e0-[0-9a-f]{8}-[0-9a-f]{8}$/)
  })

  it('are the same for a request whenever they are written', () => {
    const rids = createRids('x')
    const requestNumber = rids.next()
    rids.next()
    expect(rids.write(0, requestNumber)).toBe(createRids('x').write(0, requestNumber))
  })
})
