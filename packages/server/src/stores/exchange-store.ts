import type { ErrorCode, PhoneComponent } from '@haoma/protocol'

export type CodeKind = 'login' | 'phone'

/** Which call a code came in by: a login or binding of ours, or the exchange of a back end that keeps its own users. */
export type ExchangeSurface = 'login' | 'exchange'

/** Where a code was first heard of: a call that brought it, or a button that told of it. */
export type CodeSource = ExchangeSurface | 'telemetry'

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
  surface: CodeSource
  /** Who sent it: surface, and client or device. Nobody else is ever told anything of it. */
  owner: string
  component: PhoneComponent | null
  /** Whom the code belongs to, once that is known. */
  openid: string | null
  unionid: string | null
  memberId: string | null
  /** The session that the code opened, for whoever sends it again. */
  sessionId: string | null
  deviceId: string | null
  /** A name of the wire's error table, kept as it was when the code ended. */
  reason: ErrorCode | null
  errcode: number | null
  rid: string | null
  requestId: string | null
  clientVersion: string | null
  /** `release`, `trial` or `develop`, by the client's word. */
  build: string | null
  platform: string | null
  maskedSubject: string | null
  /** What a repeated request needs and nothing else holds, encrypted; erased after ten minutes. */
  answerSealed: string | null
  /** How many times somebody set out to ask WeChat; the number of the last is the fence of its lease. */
  attempt: number
  /** How many times the result was given again. */
  replays: number
  /** How long WeChat took to answer. */
  wechatMs: number | null
  /** When the user agreed, by the button's word; nothing is decided by it. */
  consentedAtMs: number | null
  createdAtMs: number
  expiresAtMs: number
  settledAtMs: number | null
}

/** What is written down of a code before WeChat is asked about it. */
export type Intent = Pick<
  CodeRecord,
  | 'key'
  | 'kind'
  | 'appid'
  | 'owner'
  | 'component'
  | 'openid'
  | 'deviceId'
  | 'requestId'
  | 'clientVersion'
  | 'build'
  | 'platform'
> & { surface: ExchangeSurface }

/** A consent that a button told of. The code itself may come later, or never. */
export type ToldConsent = Pick<
  CodeRecord,
  'key' | 'appid' | 'component' | 'clientVersion' | 'build' | 'platform'
> & { consentedAtMs: number }

export interface Lease {
  /** One name per process. */
  owner: string
  /** How long it holds unless it is renewed. */
  forMs: number
  /** The time of this process. On PostgreSQL the database's own clock counts instead. */
  nowMs: number
}

/**
 * `taken`: leased to the caller; `wasHeld` when the holder before neither gave it back nor lives · `held` by another ·
 * `settled` · `foreign`: written down for another owner.
 */
export type Opened = { code: CodeRecord; atMs: number } & (
  | { outcome: 'taken'; wasHeld: boolean }
  | { outcome: 'held' | 'settled' | 'foreign' }
)

/** How a code ended. What is not named stays as it was. */
export interface Settlement {
  key: string
  state: FinalCodeState
  /**
   * The fence: settles only while this is the last attempt. Left out by who has WeChat's own answer: of a single-use
   * code there is but one, so whoever has it is right.
   */
  attempt?: number
  /** As of `Lease`. */
  nowMs: number
  openid?: string
  unionid?: string | undefined
  memberId?: string | undefined
  sessionId?: string | undefined
  maskedSubject?: string | undefined
  answerSealed?: string | undefined
  reason?: ErrorCode | undefined
  errcode?: number | undefined
  rid?: string | undefined
  wechatMs?: number | undefined
}

export interface ExchangeStore {
  /**
   * Writes codes down, or takes them over, and leases them to the caller. Atomic for each: of any number of callers at
   * once one has it, until the lease is given back or runs out; its own owner takes it again, who lost the answer of the
   * first time. Of a code whose holder is gone nobody knows whether
   * WeChat was asked: it turns `unknown`. Answers in the order of the intents; when one is held, those after it that
   * exist already are left alone and answered `held`, so that two who want the same codes never have one each.
   *
   * @param lifeMs - After this it is over, whether or not somebody asked.
   */
  open(intents: readonly Intent[], lease: Lease, lifeMs: number): Promise<Opened[]>
  /**
   * Writes down consents that buttons told of. Whoever brings such a code finds it as if nothing had been told: it gets
   * its owner and its whole life then. Of a code that is known already, only when the user agreed is added.
   *
   * @param nowMs - As of `Lease`; the life of a code that nobody brought starts here, whatever the button says.
   */
  tell(consents: readonly ToldConsent[], nowMs: number, lifeMs: number): Promise<void>
  /** The codes as they are, and whether a living lease is on each. */
  look(keys: readonly string[], nowMs: number): Promise<{ code: CodeRecord; isHeld: boolean }[]>
  /** Holds leases for longer, as far as they are still the owner's. */
  renew(keys: readonly string[], lease: Lease): Promise<void>
  /** Gives a lease back with the code not settled. Does nothing when another attempt was made since. */
  release(lease: { key: string; attempt: number; state: 'open' | 'unknown' }): Promise<void>
  /** Ends the code, once. `undefined` when it was settled already or the fence does not hold; then nothing changes. */
  settle(settlement: Settlement): Promise<CodeRecord | undefined>
  /** Names the session that a code which is `used` opened. */
  attach(key: string, to: { memberId: string; sessionId: string }): Promise<void>
  /** Counts a repeated answer and says how many there were. */
  countReplay(key: string): Promise<number>
  find(key: string): Promise<CodeRecord | undefined>
  /** Unsettled codes with no living lease whose life is over, oldest first. */
  listOverdue(nowMs: number, page: { limit: number; after?: CodeRecord | undefined }): Promise<CodeRecord[]>
  /** Takes the answers out of codes settled before, and says how many. */
  eraseAnswers(filter: { settledBeforeMs: number; limit: number }): Promise<number>
  /** Removes final codes that were seen before, oldest first, and says how many. */
  removeFinal(filter: { createdBeforeMs: number; limit: number }): Promise<number>
}
