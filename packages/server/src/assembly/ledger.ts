import type { KeyRing } from '../crypto/key-ring.ts'
import { createHashedCodeKey } from '../exchange/code-key.ts'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { type Bookkeeper, createBookkeeper } from '../ledger/book.ts'
import { type CostReport, createCostReport } from '../ledger/cost-report.ts'
import { createBookingJob, createReadBalancesJob, createReconcileJob } from '../ledger/jobs.ts'
import { createOutlook, type Outlook } from '../ledger/outlook.ts'
import type { LedgerPolicy } from '../ledger/policy.ts'
import { type BookReconciliation, createBookReconciliation } from '../ledger/reconciliation.ts'
import { createTariffs, type Tariffs } from '../ledger/tariffs.ts'
import { createForgetBatchesJob, createTelemetry, type Telemetry } from '../ledger/telemetry.ts'
import type { Database } from '../stores/database.ts'
import type { ConnectedApps } from './apps.ts'

export interface LedgerAssemblyParts {
  db: Database
  keyRing: KeyRing
  clock: Clock
  newId: NewId
  logger: Logger
  apps: Pick<ConnectedApps, 'wechat' | 'hasApp' | 'listMiniPrograms'>
  /** How long a code is remembered as alive. */
  codeLifeMs: number
  policy: LedgerPolicy
}

/** What it costs: entries and their money, prices and packs, what buttons tell. */
export interface LedgerAssembly {
  bookkeeper: Bookkeeper
  reconciliation: BookReconciliation
  outlook: Outlook
  tariffs: Tariffs
  report: CostReport
  /** The key under which a phone code is written down, by its SHA-256. */
  keyOfHash(appid: string, codeHash: string): string
  telemetry: Telemetry
  jobs: Job[]
}

/** Puts the room of the ledger together. */
export function assembleLedger(parts: LedgerAssemblyParts): LedgerAssembly {
  const { db, clock, newId, apps, policy } = parts
  const bookkeeper = createBookkeeper({ db, clock })
  const codeKey = createHashedCodeKey(parts.keyRing)
  const keyOfHash = (appid: string, codeHash: string) => codeKey('phone', appid, codeHash)
  const telemetry = createTelemetry({
    db,
    clock,
    newId,
    hasApp: apps.hasApp,
    keptPerSecond: policy.keptEventsPerSecond,
    keyOfHash,
    lifeMs: parts.codeLifeMs,
  })
  const reconciliation = createBookReconciliation({
    ...parts,
    wechat: apps.wechat,
    listAppids: apps.listMiniPrograms,
    spuIdOf: (component) => (component === 'quick' ? policy.quickSpuId : policy.realtimeSpuId),
    lifeMs: parts.codeLifeMs,
  })
  return {
    bookkeeper,
    reconciliation,
    outlook: createOutlook({ db, clock }),
    tariffs: createTariffs({ db, clock, newId }),
    report: createCostReport({ ledgerSums: db.ledgerSums, catchUp: bookkeeper.catchUp }),
    keyOfHash,
    telemetry,
    jobs: [
      createBookingJob(bookkeeper),
      createForgetBatchesJob({ db, clock }),
      createReadBalancesJob(reconciliation),
      createReconcileJob(reconciliation),
    ],
  }
}
