import type { ErrorCode, PhoneComponent } from '@haoma/protocol'

export type CodeKind = 'login' | 'phone'

/** Which call a code came in by: a login or binding of ours, or the exchange of a back end that keeps its own users. */
export type ExchangeSurface = 'login' | 'exchange'

/**
 * `open`: not spent as far as anyone knows · `unknown`: asked, and nobody knows whether WeChat spent it ·
 * the others are final: `used`, `refused` (with a reason), `expired` (never spent), `lost` (spent, answer gone).
 */
export type CodeState = 'open' | 'unknown' | 'used' | 'refused' | 'expired' | 'lost'
export type FinalCodeState = Exclude<CodeState, 'open' | 'unknown'>

/** One single-use code of WeChat's, from the first time it is seen until it is forgotten. */
export interface CodeRecord {
  /** Keyed hash of kind, appid and code: the code itself is never stored. */
  key: string
  kind: CodeKind
  appid: string
  state: CodeState
  /** Where it came in. */
  surface: ExchangeSurface
  /** Who sent it: `<surface>:<client or device>`. */
  owner: string
  /** Whom the code belongs to: for a phone code its first claimant, for a login code WeChat's answer. */
  openid: string | null
  unionid: string | null
  memberId: string | null
  component: PhoneComponent | null
  /** A name of the wire's error table, kept as it was when the code ended. */
  reason: ErrorCode | null
  errcode: number | null
  rid: string | null
  /** How many times a holder set out to ask WeChat. */
  attempt: number
  createdAtMs: number
  expiresAtMs: number
  settledAtMs: number | null
}

export interface ClaimRequest {
  key: string
  kind: CodeKind
  appid: string
  surface: ExchangeSurface
  owner: string
  openid: string | null
  component: PhoneComponent | null
  /** One name per process. */
  leaseOwner: string
  leaseUntilMs: number
  nowMs: number
  expiresAtMs: number
}

export type Claim =
  | { outcome: 'claimed'; code: CodeRecord }
  | { outcome: 'held'; leaseUntilMs: number }
  | { outcome: 'settled'; code: CodeRecord }
  | { outcome: 'foreign' }

/** How a code ended. What is not named becomes `null`, except `openid`, which stays as it was. */
export interface Settlement {
  state: FinalCodeState
  nowMs: number
  openid?: string
  unionid?: string | undefined
  memberId?: string
  reason?: ErrorCode
  errcode?: number | undefined
  rid?: string | undefined
}

export interface ExchangeStore {
  /**
   * Writes the code down, or takes it over, and leases it to the caller. Atomic: of any number of claims at
   * once, by any number of owners, one is `claimed` and the others are `held`, until the lease is released
   * or runs out. Its own owner may claim it again. A lease that was not released leaves open whether WeChat
   * was asked: such a claim turns the code `unknown`.
   *
   * A claim with an openid on a code that another openid claimed first is `foreign`.
   */
  claim(request: ClaimRequest): Promise<Claim>
  /**
   * Gives the lease back with the code not settled. Does nothing when the lease is no longer the owner's.
   *
   * @param state - `unknown` when WeChat may have spent the code. A code once `unknown` stays so.
   */
  release(key: string, lease: { owner: string; state: 'open' | 'unknown' }): Promise<void>
  /** Ends the code, once. `undefined` when it was settled already; then nothing changes. */
  settle(key: string, settlement: Settlement): Promise<CodeRecord | undefined>
  find(key: string): Promise<CodeRecord | undefined>
  /** Unsettled codes with no living lease whose life is over, oldest first. */
  listOverdue(nowMs: number, limit: number): Promise<CodeRecord[]>
  /** Removes final codes that were seen before, oldest first, and says how many. */
  removeFinal(kind: CodeKind, filter: { createdBeforeMs: number; limit: number }): Promise<number>
}
