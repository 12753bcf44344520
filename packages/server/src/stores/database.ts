import type { AdminStore } from './admin-store.ts'
import type { AlertReadingStore } from './alert-reading-store.ts'
import type { AlertStore } from './alert-store.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import type { AppStore } from './app-store.ts'
import type { AuditStore } from './audit-store.ts'
import type { BalanceStore } from './balance-store.ts'
import type { ClientStore } from './client-store.ts'
import type { ErasureStore } from './erasure-store.ts'
import type { EventStore } from './event-store.ts'
import type { ExchangeStore } from './exchange-store.ts'
import type { IndexKeyStore } from './index-key-store.ts'
import type { JobStore } from './job-store.ts'
import type { LedgerStore } from './ledger-store.ts'
import type { LedgerSumStore } from './ledger-sum-store.ts'
import type { MakeCounter } from './limit-counters.ts'
import type { LoginStore } from './login-store.ts'
import type { MemberFeedStore } from './member-feed-store.ts'
import type { MemberSearchStore } from './member-search-store.ts'
import type { MemberStore } from './member-store.ts'
import type { MergeStore } from './merge-store.ts'
import type { MonthStore } from './month-store.ts'
import type { PhoneBindingStore } from './phone-binding-store.ts'
import type { RetentionStore } from './retention-store.ts'
import type { SavedFilterStore } from './saved-filter-store.ts'
import type { SessionStore } from './session-store.ts'
import type { SigningKeyStore } from './signing-key-store.ts'
import type { SmsStore } from './sms-store.ts'
import type { TariffStore } from './tariff-store.ts'
import type { TelemetryStore } from './telemetry-store.ts'
import type { TokenEventStore } from './token-event-store.ts'
import type { WebhookStore } from './webhook-store.ts'

/** More to write in the transaction of something else, such as a line of the audit. */
export type Alongside = (stores: Stores) => Promise<void>

export interface Stores {
  alertReadings: AlertReadingStore
  alerts: AlertStore
  admins: AdminStore
  apiKeys: ApiKeyStore
  apps: AppStore
  audit: AuditStore
  balances: BalanceStore
  clients: ClientStore
  erasures: ErasureStore
  events: EventStore
  exchanges: ExchangeStore
  jobs: JobStore
  indexKeys: IndexKeyStore
  ledger: LedgerStore
  logins: LoginStore
  ledgerSums: LedgerSumStore
  memberFeed: MemberFeedStore
  memberSearch: MemberSearchStore
  members: MemberStore
  merges: MergeStore
  months: MonthStore
  phoneBindings: PhoneBindingStore
  retention: RetentionStore
  savedFilters: SavedFilterStore
  sessions: SessionStore
  signingKeys: SigningKeyStore
  sms: SmsStore
  tariffs: TariffStore
  telemetry: TelemetryStore
  tokenEvents: TokenEventStore
  webhooks: WebhookStore
}

/**
 * All that the service stores. Any call may throw {@link StoreUnavailableError}.
 */
export interface Database extends Stores {
  /**
   * Runs `work` in one transaction: all of it is stored, or nothing. It reads what is committed (read committed);
   * unique indexes and locked rows decide between two that meet. One that loses (a taken index, a deadlock) is rolled
   * back and `work` runs again from the start after a pause, so `work` must do nothing but read and write through the
   * stores it is given. Statements that need not wait for each other may be sent together (`allOf`); they reach the
   * database in the order in which they were begun.
   *
   * @throws {StoreConflictError} When it still conflicts after several runs.
   */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** How the connections are used, where there is a pool. */
  pool?: () => PoolUse
  /** Counts limits for all processes together, where there can be several. */
  makeCounter?: MakeCounter
  /** What database it is, for people. */
  about(): Promise<DatabaseAbout>
  /** Writes a little, and so tells whether anything can be written. */
  ping(nowMs: number): Promise<void>
  close(): Promise<void>
}

/** What database it is, for people. */
export interface DatabaseAbout {
  kind: 'sqlite' | 'postgres'
  version: string
  /** The newest migration that it has. */
  schema: string
}

/** Connections of a pool, by what they do; `waiting` are requests without one. */
export interface PoolUse {
  busy: number
  idle: number
  waiting: number
}
