import type { ErrorCode, PhoneComponent } from '@haoma/protocol'
import type { ExchangeSurface, FinalCodeState } from './exchange-store.ts'

/** What became of one phone code. Written once, when the code is settled, and never changed. */
export interface LedgerRow {
  id: string
  /** Unique: one row per phone code. */
  codeKey: string
  appid: string
  surface: ExchangeSurface
  /** The back end that sent the code, for those of `exchange`. */
  clientId: string | null
  component: PhoneComponent
  state: FinalCodeState
  /** What first told of it: the intent of an exchange, or the telemetry of a code that was never sent. */
  source: 'intent' | 'telemetry'
  /** Whether WeChat bills it, as far as we know: 0 or 1. */
  isBilled: number
  /** List price on the day the code was seen, in li (1/1000 yuan). */
  listLi: number
  /** What it costs after trial and packs, in li. */
  chargeLi: number
  openid: string | null
  memberId: string | null
  reason: ErrorCode | null
  errcode: number | null
  rid: string | null
  attempts: number
  seenAtMs: number
  settledAtMs: number
}

export interface LedgerStore {
  /** Adds a row, in the transaction that settled the code: a code is settled once, so it has one row. */
  add(row: LedgerRow): Promise<void>
  /** The row of a code. */
  find(codeKey: string): Promise<LedgerRow | undefined>
}
