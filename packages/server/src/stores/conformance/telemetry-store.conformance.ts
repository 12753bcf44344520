import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../kernel/calendar.ts'
import type { TelemetrySum } from '../telemetry-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const sum = (change: Partial<TelemetrySum> = {}): TelemetrySum => ({
  startMs: 3_600_000,
  appid: 'wx1',
  component: 'quick',
  event: 'tapped',
  clientVersion: '0.1.0',
  entries: 1,
  durationMs: 10,
  ...change,
})

/** In Shanghai, of 2 January 1970. */
const MIDNIGHT_MS = 57_600_000

/** What every implementation must do, on two connections, as two processes would have. */
export function testTelemetryStore(create: CreateDatabases): void {
  describe('telemetry store', () => {
    const at = useDatabases(create)

    it('gives each batch to one of many callers at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? at.db : at.other).telemetry.takeBatches(['b1', `b-${i}`], i),
        ),
      )
      expect(taken.flat().sort()).toEqual(['b1', ...Array.from({ length: 10 }, (_, i) => `b-${i}`)].sort())
      expect(await at.db.telemetry.takeBatches([], 1)).toEqual([])
    })

    it('puts sums together by event, and by day in Shanghai', async () => {
      await at.db.telemetry.add([
        sum(),
        sum({ component: 'realtime', entries: 2 }),
        sum({ startMs: 7_200_000 }),
        sum({ startMs: MIDNIGHT_MS - 3_600_000, entries: 10 }),
        sum({ startMs: MIDNIGHT_MS, entries: 20 }),
        sum({ appid: 'wx2', entries: 5 }),
        sum({ event: 'shown', entries: 7 }),
      ])
      const asked = (filter: object) =>
        at.other.telemetry
          .ask({ fromMs: 0, toMs: 10_800_000, ...filter })
          .then((answers) => answers.map(({ startMs, event, entries }) => [startMs, event, entries]).sort())
      expect(await asked({})).toEqual([
        [undefined, 'shown', 7],
        [undefined, 'tapped', 9],
      ])
      const day = { appid: 'wx1', byDay: true, fromMs: 3_600_001, toMs: MIDNIGHT_MS + 1 }
      expect(await asked(day)).toEqual([
        [MIDNIGHT_MS - DAY_MS, 'tapped', 11],
        [MIDNIGHT_MS, 'tapped', 20],
      ])
      expect(await asked({ appid: 'wx1', toMs: 7_200_000 })).toEqual([
        [undefined, 'shown', 7],
        [undefined, 'tapped', 3],
      ])
    })

    it('keeps single events, many at once, until they are old', async () => {
      const event = { appid: 'wx1', component: null, event: 'shown', platform: null, clientVersion: null }
      const events = Array.from({ length: 2500 }, (_, i) => ({ ...event, id: `e${i}`, atMs: i }))
      await at.db.telemetry.keep(events)
      await at.db.telemetry.keep([])
      expect(await at.other.months.removeBefore('telemetry_events', 2000, 1500)).toBe(1500)
      expect(await at.other.months.removeBefore('telemetry_events', 2000, 1500)).toBe(500)
      expect(await at.other.months.removeBefore('telemetry_events', 9999, 1500)).toBe(500)
    })

    it('adds up what many processes count, each hour, event and version for itself', async () => {
      await Promise.all(
        Array.from({ length: 6 }, (_, i) =>
          (i % 2 ? at.db : at.other).telemetry.add([sum(), sum({ event: 'shown', entries: 2 })]),
        ),
      )
      await at.db.telemetry.add([sum({ startMs: 7_200_000 }), sum({ appid: 'wx2' })])
      expect(await at.other.telemetry.list({ appid: 'wx1', fromMs: 0 })).toEqual([
        sum({ event: 'shown', entries: 12, durationMs: 60 }),
        sum({ entries: 6, durationMs: 60 }),
        sum({ startMs: 7_200_000 }),
      ])
      expect(await at.other.telemetry.list({ appid: 'wx1', fromMs: 3_600_001 })).toHaveLength(1)
    })

    it('forgets old batches, a few at once', async () => {
      for (const atMs of [1, 2, 3, 9]) await at.db.telemetry.takeBatches([`b${atMs}`], atMs)
      const remove = () => at.db.telemetry.removeBatches({ takenBeforeMs: 9, limit: 2 })
      expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0])
      expect(await at.db.telemetry.takeBatches(['b1', 'b9'], 9)).toEqual(['b1'])
    })
  })
}
