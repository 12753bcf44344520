import type { Kysely } from 'kysely'
import type { Stores } from '../database.ts'
import { createSqlAdminStore } from './admin-store.ts'
import { createSqlAlertReadingStore } from './alert-reading-store.ts'
import { createSqlAlertStore } from './alert-store.ts'
import { createSqlApiKeyStore } from './api-key-store.ts'
import { createSqlAppStore } from './app-store.ts'
import { createSqlAuditStore } from './audit-store.ts'
import { createSqlBalanceStore } from './balance-store.ts'
import { createSqlClientStore } from './client-store.ts'
import { createSqlErasureStore } from './erasure-store.ts'
import { createSqlEventStore } from './event-store.ts'
import { createSqlExchangeStore } from './exchange-store.ts'
import { createSqlIndexKeyStore } from './index-key-store.ts'
import { createSqlJobStore } from './job-store.ts'
import { createSqlLedgerStore } from './ledger-store.ts'
import { createSqlLedgerSumStore } from './ledger-sum-store.ts'
import { createSqlLoginStore } from './login-store.ts'
import { createSqlMemberFeedStore } from './member-feed-store.ts'
import { createSqlMemberSearchStore } from './member-search-store.ts'
import { createSqlMemberStore } from './member-store.ts'
import { createSqlMergeStore } from './merge-store.ts'
import { createSqlMonthStore } from './month-store.ts'
import { createSqlPhoneBindingStore } from './phone-binding-store.ts'
import { createSqlRetentionStore } from './retention-store.ts'
import { createSqlSavedFilterStore } from './saved-filter-store.ts'
import { createSqlSessionStore } from './session-store.ts'
import { createSqlSigningKeyStore } from './signing-key-store.ts'
import { createSqlSmsStore } from './sms-store.ts'
import type { Tables } from './tables.ts'
import { createSqlTariffStore } from './tariff-store.ts'
import { createSqlTelemetryStore } from './telemetry-store.ts'
import { createSqlTokenEventStore } from './token-event-store.ts'
import { createSqlWebhookStore } from './webhook-store.ts'

type StoreMakers = { [Name in keyof Stores]: (db: Kysely<Tables>) => Stores[Name] }

const makers: StoreMakers = {
  alertReadings: createSqlAlertReadingStore,
  alerts: createSqlAlertStore,
  admins: createSqlAdminStore,
  apiKeys: createSqlApiKeyStore,
  apps: createSqlAppStore,
  audit: createSqlAuditStore,
  balances: createSqlBalanceStore,
  clients: createSqlClientStore,
  erasures: createSqlErasureStore,
  events: createSqlEventStore,
  exchanges: createSqlExchangeStore,
  jobs: createSqlJobStore,
  indexKeys: createSqlIndexKeyStore,
  ledger: createSqlLedgerStore,
  logins: createSqlLoginStore,
  ledgerSums: createSqlLedgerSumStore,
  memberFeed: createSqlMemberFeedStore,
  memberSearch: createSqlMemberSearchStore,
  members: createSqlMemberStore,
  merges: createSqlMergeStore,
  months: createSqlMonthStore,
  phoneBindings: createSqlPhoneBindingStore,
  retention: createSqlRetentionStore,
  savedFilters: createSqlSavedFilterStore,
  sessions: createSqlSessionStore,
  signingKeys: createSqlSigningKeyStore,
  sms: createSqlSmsStore,
  tariffs: createSqlTariffStore,
  telemetry: createSqlTelemetryStore,
  tokenEvents: createSqlTokenEventStore,
  webhooks: createSqlWebhookStore,
}

const names = Object.keys(makers) as (keyof Stores)[]

/** All stores on one pool. */
export function createStores(db: Kysely<Tables>): Stores {
  return Object.fromEntries(names.map((name) => [name, makers[name](db)])) as unknown as Stores
}

const within = Symbol('within')

/** What the stores of one transaction have in common. */
interface Within {
  db: Kysely<Tables>
  made: Partial<Record<keyof Stores, unknown>>
}

/** Makes each store when it is first asked for, also by an object that inherits from it. */
const lazy = Object.defineProperties(
  {},
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        get(this: { [within]: Within }) {
          const { db, made } = this[within]
          made[name] ??= makers[name](db)
          return made[name]
        },
      },
    ]),
  ),
)

/** The stores in a transaction, which needs but a few. */
export function createStoresWithin(db: Kysely<Tables>): Stores {
  const all: Within = { db, made: {} }
  return Object.create(lazy, { [within]: { value: all } })
}
