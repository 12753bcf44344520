import type { CodeRecord } from '../code-store.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { Identity, Member } from '../member-store.ts'
import type { Session } from '../session-store.ts'
import type { StoredSigningKey } from '../signing-key-store.ts'

/** The tables as Kysely sees them; `CamelCasePlugin` turns the names into those of the migrations. */
export interface Tables {
  codes: CodeRecord & {
    leaseOwner: string | null
    leaseUntilMs: number | null
    foreignClaims: number
    lastForeignClaimAtMs: number | null
  }
  ledger: LedgerRow
  members: Member
  identities: Identity
  sessions: Session
  signingKeys: StoredSigningKey
}
