import type { ExchangeStore } from './exchange-store.ts'
import type { LedgerStore } from './ledger-store.ts'
import type { MemberStore } from './member-store.ts'
import type { SessionStore } from './session-store.ts'
import type { SigningKeyStore } from './signing-key-store.ts'

export interface Stores {
  exchanges: ExchangeStore
  ledger: LedgerStore
  members: MemberStore
  sessions: SessionStore
  signingKeys: SigningKeyStore
}

/**
 * All that the service stores. Any call may throw {@link StoreUnavailableError}.
 */
export interface Database extends Stores {
  /**
   * Runs `work` in one serializable transaction: all of it is stored, or nothing. When it meets another
   * transaction (a unique index, a serialization failure), it is rolled back and `work` runs again from the
   * start, so `work` must do nothing but read and write through the stores it is given.
   *
   * @throws {StoreConflictError} When it still conflicts after several runs.
   */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
