import type { ErrorCode } from '@haoma/protocol'
import type { NewId } from '../kernel/ids.ts'
import type { Stores } from '../stores/database.ts'
import type { CodeRecord, FinalCodeState } from '../stores/exchange-store.ts'
import type { LedgerRow, WasteCause } from '../stores/ledger-store.ts'
import { priceLiAt } from './prices.ts'

export interface LedgerWriter {
  /** Writes the one row of a settled phone code, inside the transaction that settled it. */
  add(stores: Stores, code: CodeRecord): Promise<void>
}

/** What an end says about the money: whether WeChat charged the consent, and for what it was wasted. */
interface Meaning {
  /** `null` when nothing but a stranger's word says that anybody agreed. */
  isBilled: 1 | 0 | null
  cause: WasteCause
}

/** By how the code ended. WeChat charges when the user agrees, so a code that it knew was charged whatever came of it. */
const byState: Record<FinalCodeState, Meaning> = {
  used: { isBilled: 1, cause: '' },
  // A rule of ours did not take the number that WeChat gave.
  refused: { isBilled: 1, cause: '' },
  expired: { isBilled: 1, cause: 'expired' },
  lost: { isBilled: 1, cause: 'lost' },
}

/** Where the reason says more. */
const byReason: Partial<Record<ErrorCode, Meaning>> = {
  // Made up, used elsewhere, or brought after its five minutes: WeChat's no sounds the same.
  PHONE_CODE_INVALID: { isBilled: null, cause: 'expired' },
  // Somebody else's consent, or none.
  PHONE_APP_MISMATCH: { isBilled: 0, cause: '' },
  LOGIN_CODE_AS_PHONE_CODE: { isBilled: 0, cause: '' },
  PHONE_UNREADABLE: { isBilled: 1, cause: 'unreadable' },
}

const neverSent: Meaning = { isBilled: null, cause: 'never-sent' }

export function createLedgerWriter(newId: NewId): LedgerWriter {
  return {
    add: async (stores, code) => {
      const settledAtMs = code.settledAtMs ?? code.createdAtMs
      const entry = entryOf(code, settledAtMs)
      // A code that comes again after it was forgotten here can only fail, and its consent has its row.
      if (entry.state !== 'used' && (await stores.ledger.findKeys([code.key])).length > 0) return
      await stores.ledger.add({ id: newId(settledAtMs), ...entry })
    },
  }
}

function entryOf(code: CodeRecord, settledAtMs: number): Omit<LedgerRow, 'id'> {
  const isTold = code.surface === 'telemetry'
  const { isBilled, cause } = meaningOf(code)
  const { appid, surface, openid, memberId, maskedSubject, reason, errcode, rid, consentedAtMs } = code
  const { build, clientVersion, platform, requestId, wechatMs } = code
  const component = code.component ?? 'quick'
  const seenAtMs = isTold ? (consentedAtMs ?? code.createdAtMs) : code.createdAtMs
  return {
    codeKey: code.key,
    appid,
    surface,
    clientId: surface === 'exchange' ? code.owner.slice('exchange:'.length) : null,
    component,
    state: code.state as FinalCodeState,
    cause,
    source: isTold ? 'telemetry' : 'intent',
    isBilled,
    // By the list of WeChat's; booking goes by the prices of this installation.
    listLi: isBilled === 1 ? priceLiAt(component, seenAtMs) : 0,
    chargeLi: 0,
    chargedTo: null,
    build,
    clientVersion,
    platform,
    openid,
    memberId,
    maskedSubject,
    reason,
    errcode,
    rid,
    requestId,
    attempts: code.attempt,
    wechatMs,
    consentedAtMs,
    seenAtMs,
    settledAtMs,
    bookedAtMs: null,
  }
}

function meaningOf({ surface, state, reason }: CodeRecord): Meaning {
  if (surface === 'telemetry') return neverSent
  const isEndOfWeChat = state === 'refused' || state === 'lost'
  return (isEndOfWeChat && reason !== null ? byReason[reason] : undefined) ?? byState[state as FinalCodeState]
}
