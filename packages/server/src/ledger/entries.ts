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
      const { appid, openid, memberId, reason, errcode, rid, createdAtMs } = code
      const listLi = priceLiAt(component, createdAtMs)
      // A code that WeChat refused was never an answer, and so no success that is billed.
      const isBilled = code.state !== 'refused' || code.reason === 'IDENTITY_CONFLICT'
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
        attempts: code.attempt,
        settledAtMs,
        listLi,
        chargeLi: isBilled ? listLi : 0,
        isBilled: isBilled ? 1 : 0,
        source: 'intent',
        surface: code.surface,
        clientId: null,
        state: code.state as FinalCodeState,
        seenAtMs: createdAtMs,
      })
    },
  }
}
