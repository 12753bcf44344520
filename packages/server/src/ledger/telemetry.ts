import type { TelemetryEvent, TelemetryRequest } from '@haoma/protocol'
import type { Job } from '../jobs/job.ts'
import { HOUR_MS, hourStart } from '../kernel/calendar.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Database } from '../stores/database.ts'
import type { TelemetrySum, ToldEvent } from '../stores/telemetry-store.ts'
import { type ConsentParts, consentsOf, noteConsents } from './consents.ts'

/** A client repeats a batch within minutes; a day later nobody does. */
const REMEMBER_BATCH_MS = 24 * HOUR_MS
const STEP = 500
/** Batches that are written together at most; what comes meanwhile is in the next transaction. */
const MOST_BATCHES = 200

export interface Telemetry {
  /**
   * Counts what a button told: per hour, app, component, event and client version. Single events are kept for a week,
   * without a person, and only some of them when there are very many. The same batch, sent again within a day, counts
   * once. Whoever was answered was counted: batches that come while one is written are written together, so that load
   * makes transactions larger, not more.
   *
   * @throws {HaomaError} `UNKNOWN_APP`.
   * @returns how many events are counted now; 0 for a batch that was counted before
   */
  count(batch: TelemetryRequest): Promise<number>
}

export interface TelemetryParts extends ConsentParts {
  db: Database
  clock: Clock
  newId: NewId
  /** Whether the service serves the app. */
  hasApp: (appid: string) => Promise<boolean>
  /** Single events that are kept of one second; beyond that only whole batches are left out. 0 keeps none. */
  keptPerSecond: number
}

interface Waiting {
  batch: TelemetryRequest
  /** Name of the batch, which no other app can take. */
  id: string
  done(isNew: boolean): void
  fail(error: unknown): void
}

export function createTelemetry(parts: TelemetryParts): Telemetry {
  const { db, clock, hasApp } = parts
  const mayKeep = createSample(parts)
  let waiting: Waiting[] = []
  let isWriting = false

  const write = async (batches: readonly Waiting[]): Promise<void> => {
    try {
      const nowMs = clock.now()
      const ids = [...new Set(batches.map(({ id }) => id))].sort()
      const taken = await db.transaction(async (stores) => {
        // What was written by a try whose answer got lost is not given out again.
        const given = new Set(await stores.telemetry.takeBatches(ids, nowMs))
        const fresh = firstOf(batches, given).map(({ batch }) => batch)
        await stores.telemetry.add(sumsOf(fresh, nowMs))
        await stores.telemetry.keep(fresh.filter(mayKeep).flatMap((batch) => toldEvents(batch, nowMs)))
        const consents = fresh.flatMap((batch) => consentsOf(batch, parts, nowMs))
        if (consents.length > 0) await noteConsents(stores, consents, { nowMs, lifeMs: parts.lifeMs })
        return given
      })
      const first = new Set(firstOf(batches, taken))
      for (const one of batches) one.done(first.has(one))
    } catch (error) {
      for (const { fail } of batches) fail(error)
    }
  }

  const writeAll = async (): Promise<void> => {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      const batches = waiting.slice(0, MOST_BATCHES)
      waiting = waiting.slice(MOST_BATCHES)
      await write(batches)
    }
    isWriting = false
  }

  const toldEvents = ({ appid, client, events }: TelemetryRequest, nowMs: number): ToldEvent[] =>
    events.map((event) => ({
      id: parts.newId(nowMs),
      atMs: nowMs - event.agoMs,
      appid,
      component: event.component ?? null,
      event: nameOf(event),
      platform: client?.platform ?? null,
      clientVersion: client?.clientVersion ?? null,
    }))

  return {
    count: async (batch) => {
      if (!(await hasApp(batch.appid))) throw new HaomaError('UNKNOWN_APP')
      const isNew = await new Promise<boolean>((done, fail) => {
        waiting.push({ batch, id: `${batch.appid}:${batch.batchId}`, done, fail })
        void writeAll()
      })
      return isNew ? batch.events.length : 0
    },
  }
}

/** The first of each id that was given out: one that was sent twice at once counts once. */
function firstOf(batches: readonly Waiting[], given: ReadonlySet<string>): Waiting[] {
  const seen = new Set<string>()
  return batches.filter(({ id }) => given.has(id) && !seen.has(id) && seen.add(id))
}

/** Whether the single events of a batch are kept: all of them, until a second has brought as many as are wanted. */
function createSample({ clock, keptPerSecond }: Pick<TelemetryParts, 'clock' | 'keptPerSecond'>) {
  let second = 0
  let kept = 0
  return ({ events }: TelemetryRequest): boolean => {
    const now = Math.floor(clock.now() / 1000)
    if (now !== second) {
      second = now
      kept = 0
    }
    if (kept + events.length > keptPerSecond) return false
    kept += events.length
    return true
  }
}

/** The clock of a phone may be anywhere, so events say how long ago they were. */
function sumsOf(batches: readonly TelemetryRequest[], nowMs: number): TelemetrySum[] {
  const sums = new Map<string, TelemetrySum>()
  for (const { appid, client, events } of batches) {
    for (const event of events) {
      const of = {
        startMs: hourStart(nowMs - event.agoMs),
        appid,
        component: event.component ?? '',
        event: nameOf(event),
        clientVersion: client?.clientVersion ?? '',
      }
      const key = JSON.stringify(Object.values(of))
      const sum = sums.get(key) ?? { ...of, entries: 0, durationMs: 0 }
      sum.entries += 1
      sum.durationMs += event.durationMs ?? 0
      sums.set(key, sum)
    }
  }
  // In one order, so that two that meet wait for each other instead of blocking each other.
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
