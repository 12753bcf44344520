import type { TelemetryEvent, TelemetryRequest } from '@haoma/protocol'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { Database } from '../stores/database.ts'
import type { TelemetrySum } from '../stores/telemetry-store.ts'

const HOUR_MS = 3_600_000
/** A client repeats a batch within minutes; a day later nobody does. */
const REMEMBER_BATCH_MS = 24 * HOUR_MS
const STEP = 500

export interface Telemetry {
  /**
   * Counts what a button told: per hour, app, component, event and client version. No row is kept of a single event or
   * person. The same batch, sent again within a day, counts once.
   *
   * @throws {HaomaError} `UNKNOWN_APP`.
   * @returns how many events are counted now; 0 for a batch that was counted before
   */
  count(batch: TelemetryRequest): Promise<number>
}

export interface TelemetryParts {
  db: Database
  clock: Clock
  /** Whether the service serves the app. */
  hasApp: (appid: string) => Promise<boolean>
}

export function createTelemetry({ db, clock, hasApp }: TelemetryParts): Telemetry {
  return {
    count: async (batch) => {
      if (!(await hasApp(batch.appid))) throw new HaomaError('UNKNOWN_APP')
      const sums = sumsOf(batch, clock.now())
      const isNew = await db.transaction(async (stores) => {
        const taken = await stores.telemetry.takeBatch({
          id: `${batch.appid}:${batch.batchId}`,
          atMs: clock.now(),
        })
        if (taken) await stores.telemetry.add(sums)
        return taken
      })
      return isNew ? batch.events.length : 0
    },
  }
}

/** The clock of a phone may be anywhere, so events say how long ago they were. */
function sumsOf({ appid, client, events }: TelemetryRequest, nowMs: number): TelemetrySum[] {
  const sums = new Map<string, TelemetrySum>()
  for (const event of events) {
    const startMs = Math.floor((nowMs - event.agoMs) / HOUR_MS) * HOUR_MS
    const name = nameOf(event)
    const component = event.component ?? ''
    const key = [startMs, component, name].join(' ')
    const sum = sums.get(key) ?? {
      startMs,
      appid,
      component,
      event: name,
      clientVersion: client?.clientVersion ?? '',
      entries: 0,
      durationMs: 0,
    }
    sum.entries += 1
    sum.durationMs += event.durationMs ?? 0
    sums.set(key, sum)
  }
  // In one order, so that two batches that meet wait for each other instead of blocking each other.
  return [...sums.keys()].sort().map((key) => sums.get(key) as TelemetrySum)
}

const nameOf = ({ event, ending }: TelemetryEvent) => (ending === undefined ? event : `${event}:${ending}`)

/** Forgets batches that nobody sends again. */
export function createForgetBatchesJob({ db, clock }: { db: Database; clock: Clock }): Job {
  return {
    name: 'forget-telemetry-batches',
    everyMs: HOUR_MS,
    run: async ({ signal }) => {
      while (!signal.aborted) {
        const takenBeforeMs = clock.now() - REMEMBER_BATCH_MS
        if ((await db.telemetry.removeBatches({ takenBeforeMs, limit: STEP })) < STEP) break
      }
      return undefined
    },
  }
}
