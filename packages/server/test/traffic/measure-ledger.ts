import { createOverview } from '../../src/admin/overview.ts'
import { monthName, monthRange } from '../../src/kernel/calendar.ts'
import { createUuidV7 } from '../../src/kernel/ids.ts'
import type { Tracing } from '../../src/kernel/tracing.ts'
import { createBookkeeper } from '../../src/ledger/book.ts'
import { entryPages } from '../../src/ledger/entry-pages.ts'
import { createOutlook } from '../../src/ledger/outlook.ts'
import { rebuildSums } from '../../src/ledger/rebuild.ts'
import { createTelemetry } from '../../src/ledger/telemetry.ts'
import type { Database } from '../../src/stores/database.ts'

/** One number, and what it may be at most, or must be at least. */
export interface Finding {
  name: string
  value: number
  unit: string
  most?: number
  least?: number
}

/** Told of the statements of the database that is measured. */
export type Statements = Parameters<Tracing['queried']>[0][]

const RUNS = 5
const TELEMETRY_MS = 3000
const CLIENTS = 64
const EVENTS_A_BATCH = 10

/** Looks at generated traffic as the first page of the console does, and does with it what is slow when there is much. */
export async function measureLedger({
  db,
  statements,
  appids,
}: {
  db: Database
  statements: Statements
  appids: readonly string[]
}): Promise<Finding[]> {
  const [newest] = await db.logins.search({ limit: 1 })
  if (!newest) throw new Error('there is no traffic in this database')
  const clock = { now: () => newest.atMs }
  const month = monthRange(previousMonth(newest.atMs))
  if (!month) throw new TypeError('a month has a range')
  return [
    ...(await measureFirstPage({ db, statements, appids, clock })),
    ...(await measureExport(db, month)),
    await measureRebuild(db, month),
    await measureTelemetry(db, appids[0] ?? ''),
  ]
}

async function measureFirstPage(of: {
  db: Database
  statements: Statements
  appids: readonly string[]
  clock: { now(): number }
}): Promise<Finding[]> {
  const { db, statements, appids, clock } = of
  const overview = createOverview({
    db,
    clock,
    listMiniPrograms: () => [...appids],
    tokens: { state: async (appid) => ({ ...noToken, appid }) },
    bookkeeper: createBookkeeper({ db, clock }),
    outlook: createOutlook({ db, clock }),
  })
  await overview.read({ days: 30 })
  const [whole, slowest] = [[] as number[], [] as number[]]
  for (let run = 0; run < RUNS; run += 1) {
    statements.length = 0
    const startedAt = performance.now()
    await overview.read({ days: 30 })
    whole.push(performance.now() - startedAt)
    slowest.push(Math.max(...statements.map(({ durationMs }) => durationMs)))
  }
  return [
    { name: 'first page: slowest query', value: median(slowest), unit: 'ms', most: 100 },
    { name: 'first page: all of it', value: median(whole), unit: 'ms' },
  ]
}

const noToken = {
  state: 'none' as const,
  fetchedAtMs: null,
  expiresInS: null,
  refreshesInS: null,
  lastError: null,
  lastErrorAtMs: null,
  forcedToday: 0,
  forceAllowedInS: 0,
  history: [],
}

async function measureExport(db: Database, month: { fromMs: number; toMs: number }): Promise<Finding[]> {
  const before = usedMb()
  const startedAt = performance.now()
  let [entries, most] = [0, before]
  for await (const page of entryPages(db.ledger, month)) {
    entries += page.length
    if (entries % 50_000 < page.length) most = Math.max(most, usedMb())
  }
  const seconds = (performance.now() - startedAt) / 1000
  return [
    { name: 'export of a month: entries', value: entries, unit: '' },
    { name: 'export of a month: entries a second', value: entries / seconds, unit: '' },
    { name: 'export of a month: memory on top', value: Math.max(0, most - before), unit: 'MB', most: 64 },
  ]
}

/** What is in use after the rest was collected, when this runs under `--expose-gc`. */
function usedMb(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

async function measureRebuild(db: Database, month: { fromMs: number; toMs: number }): Promise<Finding> {
  const startedAt = performance.now()
  await rebuildSums(db, month)
  const seconds = (performance.now() - startedAt) / 1000
  return { name: 'rollups of a month, rebuilt', value: seconds, unit: 's', most: 10 }
}

async function measureTelemetry(db: Database, appid: string): Promise<Finding> {
  const clock = { now: () => Date.now() }
  const telemetry = createTelemetry({
    db,
    clock,
    newId: createUuidV7,
    hasApp: async () => true,
    keptPerSecond: 50,
    keyOfHash: (_, hash) => hash,
    lifeMs: 420_000,
  })
  const startedAt = performance.now()
  let [events, batches] = [0, 0]
  const client = async () => {
    while (performance.now() - startedAt < TELEMETRY_MS) {
      batches += 1
      const told = Array.from({ length: EVENTS_A_BATCH }, (_, i) => ({
        event: i % 2 ? ('tapped' as const) : ('shown' as const),
        component: 'quick' as const,
        agoMs: i * 100,
      }))
      const counted = await telemetry.count({
        appid,
        batchId: `measured-${startedAt}-${batches}`,
        events: told,
      })
      events += counted
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const seconds = (performance.now() - startedAt) / 1000
  return { name: 'telemetry: events a second', value: events / seconds, unit: '', least: 3000 }
}

function previousMonth(nowMs: number): string {
  const start = monthRange(monthName(nowMs))?.fromMs ?? nowMs
  return monthName(start - 1)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
