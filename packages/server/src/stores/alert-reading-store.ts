/** Requests of one app with one end, in a time. */
export interface RecentOutcome {
  appid: string | null
  outcome: string
  entries: number
  /** Those of them that asked WeChat, and how long it took for all together. */
  askedWeChat: number
  wechatMs: number
}

export interface FailingToken {
  appid: string
  /** When it could not be had first. */
  sinceMs: number
  /** WeChat's word about it the last time. */
  errcode: number | null
}

/** How often taps came to one end. */
export interface TapSum {
  appid: string
  /** Empty when the client does not say. */
  component: string
  /** `consented`, or `ended:` and how. */
  event: string
  entries: number
}

/** What is read again and again to see whether something is wrong. Nothing here walks more than the time it is asked for. */
export interface AlertReadingStore {
  recentOutcomes(sinceMs: number): Promise<RecentOutcome[]>
  /** Entries and money of whole days since one, and how much of that was for nothing. */
  spending(
    fromDayMs: number,
  ): Promise<{ appid: string; component: string; entries: number; chargeLi: number; wasteLi: number }[]>
  /** Apps whose token could not be had since a moment, and none came after that. */
  failingTokens(sinceMs: number): Promise<FailingToken[]>
  /** How taps on the buttons ended, in hours that begin at a moment or later. */
  taps(fromHourMs: number): Promise<TapSum[]>
  /** The newest requests since a moment that WeChat refused with an id of its own, which tells its time. */
  refusals(sinceMs: number): Promise<{ atMs: number; totalMs: number; rid: string }[]>
  /** The time by the clock that all processes share; `null` where there is no other clock than that of the process. */
  sharedNowMs(): Promise<number | null>
}
