import { type IRateLimiterOptions, type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible'
import { describe, expect, it } from 'vitest'
import { createLimits, memoryCounters } from './limits.ts'
import { limitPolicies } from './policies.ts'

const overrides = {
  'login.ip': { points: 3, withinS: 60 },
  'login.rejected.ip': { points: 2, withinS: 60 },
}

describe('limits', () => {
  it('let so many through, then name the wait', async () => {
    const limits = createLimits({ overrides })
    for (let i = 0; i < 3; i += 1) await limits.admit([['login.ip', 'a']])
    const refused = limits.admit([['login.ip', 'a']])
    await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterS: 60 })
    await limits.admit([['login.ip', 'b']])
  })

  it('that count rejections are not touched by what goes well', async () => {
    const limits = createLimits({ overrides })
    for (let i = 0; i < 50; i += 1) await limits.admit([['login.rejected.ip', 'a']])
    for (let i = 0; i < 2; i += 1) await limits.reject([['login.rejected.ip', 'a']])
    await expect(limits.admit([['login.rejected.ip', 'a']])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await limits.admit([['login.rejected.ip', 'b']])
  })

  it('that count requests are not touched by a rejection', async () => {
    const limits = createLimits({ overrides })
    for (let i = 0; i < 9; i += 1) await limits.reject([['login.ip', 'a']])
    await limits.admit([['login.ip', 'a']])
  })

  it('count nobody who is not known', async () => {
    const limits = createLimits({ overrides })
    for (let i = 0; i < 9; i += 1) await limits.admit([['login.ip', undefined]])
  })

  it('can be switched off one by one', async () => {
    const limits = createLimits({ overrides: { 'login.ip': false } })
    for (let i = 0; i < 200; i += 1) await limits.admit([['login.ip', 'a']])
  })

  it('go on in memory, and say so, while their store is away', async () => {
    const told: unknown[] = []
    let isAway = true
    class Moody extends RateLimiterMemory {
      override consume(key: string | number) {
        return isAway ? Promise.reject(new Error('store away')) : super.consume(key)
      }
    }
    const makeCounter = (options: IRateLimiterOptions): RateLimiterAbstract => new Moody(options)
    const limits = createLimits({ overrides, makeCounter, onDegraded: (error) => told.push(error) })
    for (let i = 0; i < 3; i += 1) await limits.admit([['login.ip', 'a']])
    await expect(limits.admit([['login.ip', 'a']])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(told).toHaveLength(4)
    isAway = false
    await limits.admit([['login.ip', 'a']])
  })

  it('hold a paid code back for seconds only', () => {
    const carryCodes = Object.entries(limitPolicies).filter(([name]) =>
      /^(login|phone|exchange)\./.test(name),
    )
    expect(carryCodes.length).toBeGreaterThan(5)
    for (const [name, { withinS }] of carryCodes) expect(withinS, name).toBeLessThanOrEqual(20)
  })

  it('keep their counts apart', async () => {
    const prefixes: (string | undefined)[] = []
    createLimits({
      makeCounter: (options) => {
        prefixes.push(options.keyPrefix)
        return memoryCounters(options)
      },
    })
    expect(new Set(prefixes).size).toBe(Object.keys(limitPolicies).length)
  })
})
