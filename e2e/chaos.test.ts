import { describe, expect, it } from 'vitest'
import type { Account } from './chaos/accountant.ts'
import { runScenario } from './chaos/run-scenario.ts'
import { drawStorm, full, type Scenario, small } from './chaos/scenarios.ts'

const isFull = process.env.CHAOS === 'full'
const WITHIN_MS = isFull ? 3_600_000 : 240_000
/** What comes, and in which order, is drawn anew in each run; `CHAOS_SEED=…` draws one again. */
const seeds = process.env.CHAOS_SEED
  ? [Number(process.env.CHAOS_SEED)]
  : Array.from({ length: isFull ? 20 : 1 }, () => Math.floor(Math.random() * 1e9))

const expectAgreement = ({ name, database }: Scenario, { findings, figures }: Account) => {
  process.stdout.write(`  ${name} (${database}): ${JSON.stringify(figures)}\n`)
  expect(findings).toEqual([])
  expect(figures.lost).toBeLessThanOrEqual(figures.spentUnderKill + figures.droppedByWeChat)
  expect(figures.signedIn).toBeGreaterThan(0)
}

/**
 * Real processes under load that something terrible happens to. `npm run chaos` runs the long list, one after the
 * other; the short ones wait most of the time, and do that together.
 */
describe('the accounts of WeChat, the service and its clients agree after', { concurrent: !isFull }, () => {
  for (const scenario of isFull ? full : small) {
    const { database, processes, name } = scenario
    it(`${name} (${database}, ${processes} processes)`, { timeout: WITHIN_MS }, async (context) => {
      const account = await runScenario(scenario)
      if ('missing' in account) return context.skip(account.missing)
      expectAgreement(scenario, account)
    })
  }

  for (const seed of seeds) {
    it(`a storm of seed ${seed} (postgres, 2 processes)`, { timeout: WITHIN_MS }, async (context) => {
      const scenario = drawStorm(seed)
      const account = await runScenario(scenario)
      if ('missing' in account) return context.skip(account.missing)
      expectAgreement(scenario, account)
    })
  }
})
