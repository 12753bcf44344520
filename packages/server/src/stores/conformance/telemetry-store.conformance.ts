import { describe, expect, it } from 'vitest'
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

/** What every implementation must do, on two connections, as two processes would have. */
export function testTelemetryStore(create: CreateDatabases): void {
  describe('telemetry store', () => {
    const at = useDatabases(create)

    it('takes a batch for one of many callers at once', async () => {
      const taken = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? at.db : at.other).telemetry.takeBatch({ id: 'b1', atMs: i }),
        ),
      )
      expect(taken.filter(Boolean)).toHaveLength(1)
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
      for (const atMs of [1, 2, 3, 9]) await at.db.telemetry.takeBatch({ id: `b${atMs}`, atMs })
      const remove = () => at.db.telemetry.removeBatches({ takenBeforeMs: 9, limit: 2 })
      expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0])
      expect(await at.db.telemetry.takeBatch({ id: 'b1', atMs: 1 })).toBe(true)
      expect(await at.db.telemetry.takeBatch({ id: 'b9', atMs: 9 })).toBe(false)
    })
  })
}
