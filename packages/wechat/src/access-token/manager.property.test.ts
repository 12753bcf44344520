import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFleetModel, type Fault, type FleetModel } from '../../test/fleet-model.ts'

interface Step {
  readonly apply: (fleet: FleetModel) => unknown
  /** Shown with a counterexample. */
  toString(): string
}

function step<T>(name: string, values: fc.Arbitrary<T>, apply: (fleet: FleetModel, value: T) => unknown) {
  return values.map(
    (value): Step => ({
      apply: (fleet) => apply(fleet, value),
      toString: () => `${name}(${value})`,
    }),
  )
}

const process = fc.nat(2)
const quiet = [
  step('call', process, (fleet, index) => fleet.call(index)),
  step('callFive', process, (fleet, index) => {
    for (let i = 0; i < 5; i++) fleet.call(index + i)
  }),
  step('lateRefusal', process, (fleet, index) => fleet.lateRefusal(index)),
  step('replaceElsewhere', fc.constant(''), (fleet) => fleet.replaceElsewhere()),
  step('advance', fc.integer({ min: 0, max: 400 }), (fleet, ms) => fleet.clock.advance(ms)),
  step('advance', fc.integer({ min: 0, max: 20_000 }), (fleet, ms) => fleet.clock.advance(ms)),
  step('advance', fc.integer({ min: 6_800_000, max: 7_300_000 }), (fleet, ms) => fleet.clock.advance(ms)),
]
const faults = [
  step('setFault', fc.constantFrom<Fault>('none', 'lost', 'busy', 'secret'), (fleet, fault) =>
    fleet.setFault(fault),
  ),
  step('setFetchDelay', fc.constantFrom(50, 200, 4000, 9000), (fleet, ms) => fleet.setFetchDelay(ms)),
  step('setStore', fc.boolean(), (fleet, isUp) => fleet.setStore(isUp)),
  step('kill', process, (fleet, index) => fleet.kill(index)),
  step('force', process, (fleet, index) => fleet.force(index)),
]

const steps = (...kinds: fc.Arbitrary<Step>[]) =>
  fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 40, size: 'max' })
const skews = fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 3, maxLength: 3 })

async function run(fleet: FleetModel, sequence: readonly Step[]): Promise<void> {
  for (const { apply } of sequence) await apply(fleet)
  await fleet.clock.advance(30_000)
}

describe('the token state machine', () => {
  it('fetches once at a time, hands out no dead token and settles every call, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(steps(...quiet, ...faults), skews, async (sequence, skewsMs) => {
        const fleet = createFleetModel({ processes: 3, skewsMs })
        await run(fleet, sequence)
        expect(fleet.broken).toEqual([])
        expect(fleet.counts().unsettled).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  it('recovers by itself once the faults are over', async () => {
    await fc.assert(
      fc.asyncProperty(steps(...quiet, ...faults), async (sequence) => {
        const fleet = createFleetModel({ processes: 3 })
        await run(fleet, sequence)
        fleet.setFault('none')
        fleet.setFetchDelay(200)
        fleet.setStore(true)
        // The longest pause is that of a wrong AppSecret.
        await fleet.clock.advance(310_000)
        // A token may have been replaced meanwhile: the first round finds out.
        const round = async () => {
          for (let i = 0; i < 3; i++) fleet.call(i)
          await fleet.clock.advance(10_000)
        }
        await round()
        const before = fleet.counts().failedCalls
        await round()
        expect(fleet.counts().failedCalls).toBe(before)
        expect(fleet.broken).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('fetches at most once for every token, and loses no call but to a token replaced elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(steps(...quiet), skews, async (sequence, skewsMs) => {
        const fleet = createFleetModel({ processes: 3, skewsMs })
        await run(fleet, sequence)
        const { fetches, issued } = fleet.counts()
        expect(fleet.broken).toEqual([])
        expect(fetches).toBeLessThanOrEqual(Math.max(1, issued) + 1)
      }),
      { numRuns: 150 },
    )
  })
})
