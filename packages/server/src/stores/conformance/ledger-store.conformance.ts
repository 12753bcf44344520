import { describe, expect, it } from 'vitest'
import type { LedgerRow } from '../ledger-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testLedgerStore(create: CreateDatabases): void {
  describe('ledger store', () => {
    const at = useDatabases(create)

    describe('ledger', () => {
      it('gives a row back as it was written', async () => {
        await at.db.ledger.add(ledgerRow({ id: 'l1' }))
        expect(await at.other.ledger.find('k')).toEqual(ledgerRow({ id: 'l1' }))
      })
    })
  })
}

function ledgerRow(over: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id: 'l1',
    codeKey: 'k',
    appid: 'wx1',
    surface: 'login',
    clientId: null,
    component: 'quick',
    state: 'used',
    source: 'intent',
    isBilled: 1,
    listLi: 30,
    chargeLi: 30,
    openid: 'o1',
    memberId: null,
    reason: null,
    errcode: null,
    rid: null,
    attempts: 1,
    seenAtMs: 1_700_000_000_000,
    settledAtMs: 1_700_000_000_001,
    ...over,
  }
}
