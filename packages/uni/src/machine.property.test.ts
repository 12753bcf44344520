import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMiniProgram } from '../test/mini-program-world.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** What may happen, in any order. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('tap' as const),
      component: fc.constantFrom('quick', 'realtime'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('event' as const),
      event: fc.constantFrom('consent', 'again', 'deny', 'unknown', 'quota', 'privacy', 'nothing', 'no-code'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('network' as const),
      network: fc.constantFrom(
        'good',
        'lost-before',
        'lost-after',
        'hotspot',
        'error-500',
        'session-ended',
        'slow',
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 400, 7000, 31_000, 240_000, 840_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('token' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dismiss' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign-out' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign-in' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('storage' as const), isFull: fc.boolean() }) },
)

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe('the login, whatever happens in whatever order', () => {
  it('never throws, never asks for a second paid tap in vain, and ends every consent', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const world = createMiniProgram()
        await world.launch()
        for (const each of steps) {
          await world.play(each)
          world.checkNow()
        }
        await world.settle()
        expect(world.unendedConsents()).toEqual([])
        await world.checkAgreement()
      }),
      { numRuns: Number(process.env.HAOMA_RUNS ?? 150) },
    )
  })
})
