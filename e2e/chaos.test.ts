import { describe, expect, it } from 'vitest'
import { runScenario } from './chaos/run-scenario.ts'
import { full, small } from './chaos/scenarios.ts'

const isFull = process.env.CHAOS === 'full'
const WITHIN_MS = isFull ? 1_800_000 : 240_000

/** Real processes under load that something terrible happens to. `npm run chaos` runs the long list. */
describe('the accounts of WeChat, the service and its clients agree after', () => {
  for (const scenario of isFull ? full : small) {
    const { database, processes, name } = scenario
    it(`${name} (${database}, ${processes} processes)`, { timeout: WITHIN_MS }, async (context) => {
      const account = await runScenario(scenario)
      if ('missing' in account) return context.skip(account.missing)
      const { findings, figures } = account
      process.stdout.write(`  ${name} (${database}): ${JSON.stringify(figures)}\n`)
      expect(findings).toEqual([])
      expect(figures.lost).toBeLessThanOrEqual(figures.spentUnderKill + figures.droppedByWeChat)
      expect(figures.signedIn).toBeGreaterThan(0)
    })
  }
})
