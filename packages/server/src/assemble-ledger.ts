import type { KeyRing } from './crypto/key-ring.ts'
import { createHashedCodeKey } from './exchange/code-key.ts'
import type { Job } from './jobs/job.ts'
import type { Clock } from './kernel/clock.ts'
import type { NewId } from './kernel/ids.ts'
import { type Bookkeeper, createBookkeeper } from './ledger/book.ts'
import { createBookingJob } from './ledger/jobs.ts'
import type { LedgerPolicy } from './ledger/policy.ts'
import { createTariffs, type Tariffs } from './ledger/tariffs.ts'
import { createForgetBatchesJob, createTelemetry, type Telemetry } from './ledger/telemetry.ts'
import type { Database } from './stores/database.ts'

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
  telemetry: Telemetry
  jobs: Job[]
}

/** Puts the room of the ledger together. */
export function assembleLedger(parts: LedgerAssemblyParts): LedgerAssembly {
  const { db, clock, newId, hasApp } = parts
  const bookkeeper = createBookkeeper({ db, clock })
  const keyOfHash = createHashedCodeKey(parts.keyRing)
  const telemetry = createTelemetry({
    db,
    clock,
    newId,
    hasApp,
    keptPerSecond: parts.policy.keptEventsPerSecond,
    keyOfHash: (appid, codeHash) => keyOfHash('phone', appid, codeHash),
    lifeMs: parts.codeLifeMs,
  })
  return {
    bookkeeper,
    tariffs: createTariffs({ db, clock, newId }),
    telemetry,
    jobs: [createBookingJob(bookkeeper), createForgetBatchesJob({ db, clock })],
  }
}
