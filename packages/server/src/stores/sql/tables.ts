import type { Generated } from 'kysely'
import type { AdminLink, AdminSession } from '../admin-store.ts'
import type { AlertMessage } from '../alert-store.ts'
import type { ClientSecret } from '../client-store.ts'
import type { Erasure } from '../erasure-store.ts'
import type { CodeRecord } from '../exchange-store.ts'
import type { IndexKey } from '../index-key-store.ts'
import type { JobRecord } from '../job-store.ts'
import type { LedgerRow } from '../ledger-store.ts'
import type { LedgerSum } from '../ledger-sum-store.ts'
import type { LoginRecord } from '../login-store.ts'
import type { Identity, Member } from '../member-store.ts'
import type { Merge, MergeTicket } from '../merge-store.ts'
import type { PhoneBinding } from '../phone-binding-store.ts'
import type { SavedFilter } from '../saved-filter-store.ts'
import type { Session } from '../session-store.ts'
import type { StoredSigningKey } from '../signing-key-store.ts'
import type { SmsRequest } from '../sms-store.ts'
import type { Pack, Price, Rebooking } from '../tariff-store.ts'
import type { TelemetrySum, ToldEvent } from '../telemetry-store.ts'
import type { TokenEvent } from '../token-event-store.ts'
import type { WebhookAttempt, WebhookDelivery } from '../webhook-store.ts'
import type { AdminRecord } from './admin-store.ts'
import type { StoredAlert, StoredAlertChannel, StoredAlertRule } from './alert-store.ts'
import type { ApiKeyRecord } from './api-key-store.ts'
import type { AppRecord } from './app-store.ts'
import type { AuditRecord } from './audit-store.ts'
import type { StoredReading } from './balance-store.ts'
import type { ClientRecord } from './client-store.ts'
import type { StoredEvent } from './event-store.ts'
import type { StoredLoginSum } from './login-store.ts'
import type { Row } from './rows.ts'
import type { StoredEndpoint } from './webhook-store.ts'

/** The tables as the migrations make them: each column is a field of its record, in snake_case. */
export interface Tables {
  alert_channels: Row<StoredAlertChannel>
  alert_messages: Row<AlertMessage>
  alert_rules: Row<StoredAlertRule>
  alerts: Row<StoredAlert>
  admins: Row<AdminRecord>
  admin_links: Row<AdminLink>
  admin_sessions: Row<AdminSession>
  api_keys: Row<ApiKeyRecord>
  apps: Row<AppRecord>
  audit: Row<AuditRecord>
  balance_readings: Row<StoredReading>
  clients: Row<ClientRecord>
  client_secrets: Row<ClientSecret>
  counters: { name: string; value: number }
  events: Row<StoredEvent>
  codes: Row<CodeRecord> & {
    lease_owner: string | null
    lease_until_ms: number | null
  }
  jobs: Row<JobRecord>
  ledger: Row<LedgerRow>
  logins: Row<LoginRecord>
  login_sums: Row<StoredLoginSum>
  ledger_sums: Row<LedgerSum>
  packs: Row<Pack>
  prices: Row<Price>
  rebookings: Row<Rebooking>
  members: Row<Member> & { event_seq: Generated<number>; changed_position: number | null }
  phone_bindings: Row<PhoneBinding>
  merges: Row<Merge>
  merge_tickets: Row<MergeTicket>
  erasures: Row<Erasure>
  index_keys: Row<IndexKey>
  identities: Row<Identity>
  saved_filters: Row<SavedFilter>
  sessions: Row<Session>
  signing_keys: Row<StoredSigningKey>
  sms_days: { day: string; sent: number }
  sms_requests: Row<SmsRequest>
  telemetry_sums: Row<TelemetrySum>
  token_events: Row<TokenEvent>
  telemetry_events: Row<ToldEvent>
  telemetry_batches: { id: string; at_ms: number }
  webhook_endpoints: Row<StoredEndpoint>
  webhook_deliveries: Row<WebhookDelivery>
  webhook_attempts: Row<WebhookAttempt>
  facts: { name: string; value: string; set_at_ms: number }
}
