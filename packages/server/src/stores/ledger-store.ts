import type { ErrorCode, PhoneComponent } from '@haoma/protocol'
import type { CodeSource, FinalCodeState } from './exchange-store.ts'

/** Why a consent that costs something came to nothing. Empty when it did not. */
export type WasteCause = '' | 'expired' | 'double-tap' | 'lost' | 'never-sent' | 'unreadable'

/**
 * What became of one consent. Written once, when its code is settled; booked later (ledger/book.ts), and confirmed at
 * most once when WeChat's own count shows that it was charged.
 */
export interface LedgerRow {
  id: string
  /** One row per phone code. */
  codeKey: string
  appid: string
  surface: CodeSource
  /** The back end that sent the code, for those of `exchange`. */
  clientId: string | null
  component: PhoneComponent
  state: FinalCodeState
  cause: WasteCause
  /** What first told of it: the intent of an exchange, or the telemetry of a code that was never sent. */
  source: 'intent' | 'telemetry'
  /** Whether WeChat charges it: 1, 0, or `null` while only a stranger's word says that anybody agreed. */
  isBilled: number | null
  /** List price on the day the code was seen, in li (1/1000 yuan). */
  listLi: number
  /** What it costs after trial and packs, in li; 0 until it is booked. */
  chargeLi: number
  /** `trial`, `free:<id>`, `pack:<id>`, `list` or `none`; `null` until it is booked. */
  chargedTo: string | null
  build: string | null
  clientVersion: string | null
  platform: string | null
  openid: string | null
  memberId: string | null
  maskedSubject: string | null
  reason: ErrorCode | null
  errcode: number | null
  rid: string | null
  requestId: string | null
  attempts: number
  wechatMs: number | null
  consentedAtMs: number | null
  /** The hour and the day that it counts for. */
  seenAtMs: number
  settledAtMs: number
  bookedAtMs: number | null
}

/** The same money for some entries. */
export interface Booking extends Pick<LedgerRow, 'cause' | 'listLi' | 'chargeLi' | 'chargedTo'> {
  ids: readonly string[]
  /** From the first to the last time that these entries were seen. */
  seenMs: readonly [from: number, to: number]
}

/** Which entries are meant. What is left out is any. */
export interface EntryFilter {
  /** Seen from, and before. */
  fromMs?: number | undefined
  toMs?: number | undefined
  appid?: string | undefined
  component?: PhoneComponent | undefined
  state?: FinalCodeState | undefined
  cause?: WasteCause | undefined
  openid?: string | undefined
  memberId?: string | undefined
  codeKey?: string | undefined
}

/** Where a page ends: the entry after which the next one begins. */
export type EntryPlace = Pick<LedgerRow, 'seenAtMs' | 'id'>

export interface EntryPage {
  limit: number
  after?: EntryPlace | undefined
  /** Default is the oldest first. */
  newestFirst?: boolean | undefined
}

/** Entries and money of one app, component and state. Open ones are those that nobody has settled yet. */
export interface LedgerTotal {
  appid: string
  component: PhoneComponent
  state: FinalCodeState | 'open' | 'unknown'
  entries: number
  li: number
}

export interface LedgerStore {
  /** Adds a row, in the transaction that settled the code: a code is settled once, so it has one row. */
  add(row: LedgerRow): Promise<void>
  /** The row of a code. */
  find(codeKey: string): Promise<LedgerRow | undefined>
  /** Which of these codes have a row. */
  findKeys(codeKeys: readonly string[]): Promise<string[]>
  /** Entries without their money, in the order in which they were settled. */
  listUnbooked(limit: number): Promise<LedgerRow[]>
  /** Booked and used entries of these people, seen between two moments. */
  listUsed(of: {
    openids: readonly string[]
    seenMs: readonly [from: number, to: number]
  }): Promise<Pick<LedgerRow, 'id' | 'appid' | 'component' | 'openid' | 'seenAtMs'>[]>
  book(bookings: readonly Booking[], bookedAtMs: number): Promise<void>
  /** Booked entries seen from a moment on, newest first: those whose money is to be worked out anew. */
  listBooked(of: {
    appid: string | null
    component: PhoneComponent
    fromMs: number
    limit: number
  }): Promise<LedgerRow[]>
  /** Takes the money off entries. */
  unbook(entries: readonly LedgerRow[]): Promise<void>
  /**
   * Entries of which nobody knows whether they are charged, seen between two moments: those that a button told of
   * first, then by time.
   */
  listUnconfirmed(of: {
    appid: string
    component: PhoneComponent
    seenMs: readonly [from: number, to: number]
    limit: number
  }): Promise<LedgerRow[]>
  /** Says that entries are charged; their money is to be worked out. */
  confirm(entries: readonly LedgerRow[]): Promise<void>
  /** Entries and money by app, component and state, of all that was ever heard of, in one look; or of some time only. */
  totals(seen: { fromMs?: number | undefined; toMs?: number | undefined }): Promise<LedgerTotal[]>
  /** A page of entries, in the order in which they were seen. */
  page(filter: EntryFilter, page: EntryPage): Promise<LedgerRow[]>
  /**
   * Charged entries seen after a moment and up to another that are booked to one of these, came from this platform, or are
   * known to have been consented to by a moment.
   */
  countWhere(of: {
    appid: string
    component: PhoneComponent
    afterMs: number
    toMs: number
    chargedTo?: readonly string[]
    platform?: string
    consentedByMs?: number
  }): Promise<number>
}
