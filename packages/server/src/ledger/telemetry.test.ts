import { afterAll, beforeAll, expect, it } from 'vitest'
import { appid, type Fixture, startFixture } from '../../test/support/fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())

const batch = (batchId: string, events: object[]) => ({
  batchId,
  appid,
  client: { clientVersion: '0.1.0' },
  events,
})

it('counts what a button tells per hour, and the same batch once', async () => {
  const body = batch('batch-one', [
    { event: 'shown', component: 'quick', agoMs: 10 },
    { event: 'shown', component: 'quick', agoMs: 20 },
    { event: 'ended', ending: 'refused', component: 'quick', agoMs: 5, durationMs: 1500 },
    { event: 'tapped', component: 'realtime', agoMs: 3_600_000 },
  ])
  const answers = await Promise.all([1, 2, 3].map(() => fixture.post('/v1/events', body)))
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
  expect(answers.map((answer) => answer.body.accepted).sort()).toEqual([0, 0, 4])
  const sums = await fixture.db.telemetry.list({ appid, fromMs: 0 })
  expect(
    sums.map(({ component, event, entries, durationMs }) => [component, event, entries, durationMs]),
  ).toEqual([
    ['realtime', 'tapped', 1, 0],
    ['quick', 'ended:refused', 1, 1500],
    ['quick', 'shown', 2, 0],
  ])
  for (const { startMs } of sums) expect(startMs % 3_600_000).toBe(0)
})

it('counts nothing for an app that it does not serve, and nothing that it does not know', async () => {
  const event = { event: 'shown', agoMs: 0 }
  const foreign = await fixture.post('/v1/events', { ...batch('batch-two', [event]), appid: 'wx0000' })
  expect(foreign.body.code).toBe('UNKNOWN_APP')
  const unknown = await fixture.post('/v1/events', batch('batch-three', [{ event: 'stolen', agoMs: 0 }]))
  expect(unknown.body.code).toBe('BAD_REQUEST')
})
