/** Requests of one app with one end, in a time. */
export interface RecentOutcome {
  appid: string | null
  outcome: string
  entries: number
  /** Those of them that asked WeChat, and how long it took for all together. */
  askedWeChat: number
  wechatMs: number
}

/** WeChat's last word about what is left. */
export interface BalanceLeft {
  appid: string
  component: string
  atMs: number
  left: number
}

/** What is read again and again to see whether something is wrong. Nothing here walks more than the time it is asked for. */
export interface AlertReadingStore {
  recentOutcomes(sinceMs: number): Promise<RecentOutcome[]>
  /** The newest reading of each app and component since a moment. */
  balances(sinceMs: number): Promise<BalanceLeft[]>
  /** Entries and money of whole days since one, and how much of that was for nothing. */
  spending(
    fromDayMs: number,
  ): Promise<{ appid: string; component: string; entries: number; chargeLi: number; wasteLi: number }[]>
  /** How often tokens could not be had since a moment, and whether one came after that. */
  tokenFailures(
    sinceMs: number,
  ): Promise<{ appid: string; failures: number; hasRecovered: boolean; errcode: number | null }[]>
}
