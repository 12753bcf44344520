import { test as base } from 'vitest'
import { createSimulator, type Simulator, type SimulatorOptions } from './create-simulator.ts'

/** What {@link test} hands to a test. */
export interface SimulatorFixtures {
  /** A simulator of the test's own, closed when the test ends. */
  simulator: Simulator
  /** How it is started; override with `test.override({ simulatorOptions: { … } })` or `test.extend`. */
  simulatorOptions: SimulatorOptions
}

/**
 * Vitest's `test` with a fresh simulator for each test that asks for one.
 *
 * @example
 * ```ts
 * import { test } from '@haoma/simulator/vitest'
 *
 * test('gets the number behind a tap', async ({ simulator }) => {
 *   const [app] = simulator.apps
 *   const { code } = simulator.device.phone({ appid: app.appid, user: '李雷', component: 'quick', answer: 'allow' })
 *   // send `code` to the back end under test, whose WeChat host is simulator.url
 * })
 * ```
 */
export const test = base.extend<SimulatorFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from the pattern
  simulatorOptions: async ({}, use) => use({}),
  simulator: async ({ simulatorOptions }, use) => {
    const simulator = await createSimulator(simulatorOptions)
    await use(simulator)
    await simulator.close()
  },
})
