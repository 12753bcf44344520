import { describe } from 'vitest'
import { postgresUnderTest, sqliteUnderTest } from '../../../test/support/databases-under-test.ts'
import { testAccessStores } from '../conformance/access-stores.conformance.ts'
import { testAdminStore } from '../conformance/admin-store.conformance.ts'
import { testAlertReadingStore } from '../conformance/alert-reading-store.conformance.ts'
import { testAlertStore } from '../conformance/alert-store.conformance.ts'
import { testAppStore } from '../conformance/app-store.conformance.ts'
import { testClientStore } from '../conformance/client-store.conformance.ts'
import { testEventStore } from '../conformance/event-store.conformance.ts'
import { testExchangeStore } from '../conformance/exchange-store.conformance.ts'
import { testLedgerStore } from '../conformance/ledger-store.conformance.ts'
import { testLoginStore } from '../conformance/login-store.conformance.ts'
import { testMemberHistoryStores } from '../conformance/member-history.conformance.ts'
import { testMemberSearchStore } from '../conformance/member-search.conformance.ts'
import { testMemberStore } from '../conformance/member-store.conformance.ts'
import { testSessionStore } from '../conformance/session-store.conformance.ts'
import { testSigningKeyStore } from '../conformance/signing-key-store.conformance.ts'
import { testSmsStore } from '../conformance/sms-store.conformance.ts'
import { testTariffStore } from '../conformance/tariff-store.conformance.ts'
import { testTelemetryStore } from '../conformance/telemetry-store.conformance.ts'
import { testTransactions } from '../conformance/transactions.conformance.ts'
import { testWebhookStore } from '../conformance/webhook-store.conformance.ts'

const suites = [
  testTransactions,
  testAlertReadingStore,
  testAlertStore,
  testAccessStores,
  testAdminStore,
  testAppStore,
  testClientStore,
  testEventStore,
  testExchangeStore,
  testLedgerStore,
  testLoginStore,
  testMemberSearchStore,
  testMemberStore,
  testMemberHistoryStores,
  testSessionStore,
  testSigningKeyStore,
  testSmsStore,
  testTariffStore,
  testTelemetryStore,
  testWebhookStore,
]

describe('SQLite', () => {
  for (const suite of suites) suite(sqliteUnderTest)
})

for (const major of [15, 18] as const) {
  const { create, missing } = await postgresUnderTest(major)
  describe.skipIf(create === undefined)(`PostgreSQL ${major} ${missing ?? ''}`.trim(), () => {
    if (create) for (const suite of suites) suite(create)
  })
}
