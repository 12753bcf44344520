import type { KeyRing } from '../crypto/key-ring.ts'
import { createHashedCodeKey } from '../exchange/code-key.ts'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { type Bookkeeper, createBookkeeper } from '../ledger/book.ts'
import { type CostReport, createCostReport } from '../ledger/cost-report.ts'
import { createBookingJob } from '../ledger/jobs.ts'
import type { LedgerPolicy } from '../ledger/policy.ts'
import { createTariffs, type Tariffs } from '../ledger/tariffs.ts'
import { createForgetBatchesJob, createTelemetry, type Telemetry } from '../ledger/telemetry.ts'
import type { Database } from '../stores/database.ts'

export interface LedgerAssemblyParts {
  db: Database
  keyRing: KeyRing
  clock: Clock
  newId: NewId
  hasApp: (appid: string) => Promise<boolean>
  /** How long a code is remembered as alive. */
  codeLifeMs: number
  policy: LedgerPolicy
}

/** What it costs: entries and their money, prices and packs, what buttons tell. */
export interface LedgerAssembly {
  bookkeeper: Bookkeeper
  tariffs: Tariffs
  report: CostReport
  /** The key under which a phone code is written down, by its SHA-256. */
  keyOfHash(appid: string, codeHash: string): string
  telemetry: Telemetry
  jobs: Job[]
}

/** Puts the room of the ledger together. */
export function assembleLedger(parts: LedgerAssemblyParts): LedgerAssembly {
  const { db, clock, newId, hasApp } = parts
  const bookkeeper = createBookkeeper({ db, clock })
  const codeKey = createHashedCodeKey(parts.keyRing)
  const keyOfHash = (appid: string, codeHash: string) => codeKey('phone', appid, codeHash)
  const telemetry = createTelemetry({
    db,
    clock,
    newId,
    hasApp,
    keptPerSecond: parts.policy.keptEventsPerSecond,
    keyOfHash,
    lifeMs: parts.codeLifeMs,
  })
  return {
    bookkeeper,
    tariffs: createTariffs({ db, clock, newId }),
    report: createCostReport({ ledgerSums: db.ledgerSums, catchUp: bookkeeper.catchUp }),
    keyOfHash,
    telemetry,
    jobs: [createBookingJob(bookkeeper), createForgetBatchesJob({ db, clock })],
  }
}
