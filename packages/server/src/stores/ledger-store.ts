import type { ErrorCode, PhoneComponent } from '@haoma/protocol'
import type { FinalCodeState } from './exchange-store.ts'

/** What became of one phone code. Written once, when the code is settled, and never changed. */
export interface LedgerRow {
  id: string
  /** Unique: one row per phone code. */
  codeKey: string
  appid: string
  component: PhoneComponent
  /** List price on the day the code was seen, in li (1/1000 yuan). */
  priceLi: number
  state: FinalCodeState
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
  /** Adds a row. Does nothing when the code has one. */
  add(row: LedgerRow): Promise<void>
  /** The row of a code. */
  find(codeKey: string): Promise<LedgerRow | undefined>
}
