import type { LedgerEntry } from '@haoma/protocol/admin'
import type { LedgerRow } from '../../stores/ledger-store.ts'
import { iso } from './views.ts'

/** An entry as callers see it. */
export function entryView(row: LedgerRow): LedgerEntry {
  return {
    id: row.id,
    appid: row.appid,
    surface: row.surface,
    clientId: row.clientId,
    component: row.component,
    state: row.state,
    reason: row.reason,
    cause: row.cause || null,
    source: row.source,
    isBilled: row.isBilled === 1,
    listLi: row.listLi,
    chargeLi: row.chargeLi,
    chargedTo: row.chargedTo,
    openid: row.openid,
    memberId: row.memberId,
    errcode: row.errcode,
    rid: row.rid,
    requestId: row.requestId,
    attempts: row.attempts,
    seenAt: iso(row.seenAtMs),
    settledAt: iso(row.settledAtMs),
  }
}
