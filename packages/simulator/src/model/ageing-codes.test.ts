import { describe, expect, it } from 'vitest'
import { CODE_TTL_MS, createAgeingCodes } from './ageing-codes.ts'

interface Code {
  code: string
  bornAtMs: number
  usedAtMs: number | undefined
}

function setUp(usedKept = 10) {
  const clock = { now: 0, nowMs: () => clock.now }
  const codes = createAgeingCodes<Code>(clock, usedKept)
  const add = (code: string) => codes.add({ code, bornAtMs: clock.now, usedAtMs: undefined })
  return { clock, codes, add }
}

describe('codes', () => {
  it('expire after 5 minutes, not at them', () => {
    const { clock, codes, add } = setUp()
    const code = add('a')
    clock.now = CODE_TTL_MS
    expect(codes.isExpired(code)).toBe(false)
    clock.now++
    expect(codes.isExpired(code)).toBe(true)
  })

  it('stay known for a time after they expired or were used, so that the log can say why', () => {
    const { clock, codes, add } = setUp()
    codes.use(add('used'))
    add('expired')
    clock.now = CODE_TTL_MS + 1
    expect(codes.find('used')?.usedAtMs).toBe(0)
    expect(codes.find('expired')).toBeDefined()
  })

  it('do not pile up, used or not, however many are made', () => {
    const { clock, codes, add } = setUp(100)
    for (let i = 0; i < 50_000; i++) {
      clock.now += 100
      const code = add(`c${i}`)
      if (i % 2 === 0) codes.use(code)
    }
    const livesAtOnce = (2 * CODE_TTL_MS) / 100
    expect(codes.size()).toBeLessThan(livesAtOnce + 200)
  })

  it('are never dropped while they live and are unused', () => {
    const { clock, codes, add } = setUp(1)
    for (let i = 0; i < 1000; i++) add(`c${i}`)
    clock.now = CODE_TTL_MS
    add('last')
    expect(codes.find('c0')).toBeDefined()
    expect(codes.size()).toBe(1001)
  })
})
