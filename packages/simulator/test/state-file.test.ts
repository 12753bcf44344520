import { expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../src/index.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'

const clock = { nowMs: () => 1_790_000_000_000 }

/** Taps, logins, refusals, faults by share: everything that draws from a stream. */
async function goOn(simulator: Simulator): Promise<string[]> {
  const t = createSimulatedTarget(simulator)
  const answers: string[] = []
  for (let i = 0; i < 6; i++) {
    answers.push(JSON.stringify(await t.tap()), await t.loginCode(), (await t.exchange({ code: 'x' })).text)
  }
  return answers
}

it('goes on exactly as the saved run does', async () => {
  const first = await createSimulator({ seed: 'a seed', clock })
  first.control.addFault({ kind: 'errcode', share: 0.5, path: '/wxa/business/getuserphonenumber' })
  await goOn(first)
  const state = JSON.parse(JSON.stringify(first.control.snapshot()))
  const second = await createSimulator({ clock, state })
  expect(JSON.parse(JSON.stringify(second.control.snapshot()))).toEqual(state)
  expect(await goOn(second)).toEqual(await goOn(first))
  await Promise.all([first.close(), second.close()])
})

it('carries ordered events, known messages and a clock that stands still', async () => {
  const first = await createSimulator()
  const party = { appid: first.apps[0]?.appid ?? '', user: '李雷' }
  const t = createSimulatedTarget(first)
  first.clock.freeze(true)
  first.clock.set(Date.UTC(2030, 0))
  const { encryptedData = '' } = await t.tap()
  first.control.nextEvent({ ending: 'not-bound-en', count: 2 })
  const second = await createSimulator({ state: JSON.parse(JSON.stringify(first.control.snapshot())) })
  const s = createSimulatedTarget(second)
  expect([second.clock.isFrozen, second.clock.nowMs()]).toEqual([true, Date.UTC(2030, 0)])
  expect((await s.tap(party)).errMsg).toContain('not bound')
  const { createHash } = await import('node:crypto')
  const encrypted_msg_hash = createHash('sha256').update(encryptedData).digest('hex')
  const query = { access_token: await s.token() }
  const path = '/wxa/business/checkencryptedmsg'
  expect((await s.post(path, { encrypted_msg_hash }, { query })).json).toMatchObject({ vaild: true })
  await Promise.all([first.close(), second.close()])
})
