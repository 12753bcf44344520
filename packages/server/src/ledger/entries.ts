import type { NewId } from '../kernel/ids.ts'
import type { Stores } from '../stores/database.ts'
import type { CodeRecord, FinalCodeState } from '../stores/exchange-store.ts'
import { priceLiAt } from './prices.ts'

export interface LedgerWriter {
  /** Writes the one row of a settled phone code, inside the transaction that settled it. */
  add(stores: Stores, code: CodeRecord): Promise<void>
}

export function createLedgerWriter(newId: NewId): LedgerWriter {
  return {
    add: (stores, code) => {
      const component = code.component ?? 'quick'
      const { appid, openid, memberId, reason, errcode, rid, attempts, createdAtMs } = code
      const settledAtMs = code.settledAtMs ?? createdAtMs
      return stores.ledger.add({
        id: newId(settledAtMs),
        codeKey: code.key,
        appid,
        component,
        openid,
        memberId,
        reason,
        errcode,
        rid,
        attempts,
        settledAtMs,
        priceLi: priceLiAt(component, createdAtMs),
        state: code.state as FinalCodeState,
        seenAtMs: createdAtMs,
      })
    },
  }
}
