import { expect, it } from 'vitest'
import { createSimulator } from '../src/index.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'

/** A day's work: logins, taps, refusals, renewals, faults. Gives every answer as text. */
async function run(seed: string | undefined, log: number | false = 100): Promise<string[]> {
  const clock = { nowMs: () => 1_790_000_000_000 }
  const simulator = await createSimulator({ clock, log, ...(seed === undefined ? {} : { seed }) })
  const t = createSimulatedTarget(simulator)
  const answers: string[] = []
  simulator.control.addFault({ kind: 'errcode', share: 0.4, path: '/wxa/business/getuserphonenumber' })
  for (let i = 0; i < 12; i++) {
    const user = `user ${i % 3}`
    const detail = await t.tap({ user, answer: i % 4 === 3 ? 'deny' : 'allow' })
    const session = await t.code2Session(await t.loginCode({ user }))
    const exchange = await t.exchange({ code: detail.code ?? 'none' })
    answers.push(JSON.stringify(detail), session.text, exchange.text, (await t.stableToken()).text)
    await t.advance(1000)
  }
  await simulator.close()
  return answers
}

it('gives the same answers for the same seed', async () => {
  expect(await run('a seed')).toEqual(await run('a seed'))
})

it('gives other codes for another seed, and without one', async () => {
  const [first, second, third] = [await run('a seed'), await run('another'), await run(undefined)]
  expect(second).not.toEqual(first)
  expect(third).not.toEqual(await run(undefined))
})

it('gives the same answers with the log on and off', async () => {
  expect(await run('a seed', false)).toEqual(await run('a seed'))
})
