import type { CodeRecord } from '../exchange-store.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { Identity, Member } from '../member-store.ts'
import type { Session } from '../session-store.ts'
import type { StoredSigningKey } from '../signing-key-store.ts'
import type { Row } from './rows.ts'

/** The tables as the migrations make them: each column is a field of its record, in snake_case. */
export interface Tables {
  codes: Row<CodeRecord> & {
    lease_owner: string | null
    lease_until_ms: number | null
  }
  ledger: Row<LedgerRow>
  members: Row<Member>
  identities: Row<Identity>
  sessions: Row<Session>
  signing_keys: Row<StoredSigningKey>
  facts: { name: string; value: string; set_at_ms: number }
}
