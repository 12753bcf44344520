/** What was asked of the service. `sms-send` asks for a code, `sms-login` brings it. */
export const loginWays = ['login', 'phone', 'exchange', 'openid', 'sms-send', 'sms-login'] as const
export type LoginWay = (typeof loginWays)[number]

/** One request for a login, a number or an openid, as the journal keeps it. Nothing in it opens anything. */
export interface LoginRecord {
  /** Id of the request. */
  id: string
  /** What a person reads out of an error message. */
  supportCode: string
  atMs: number
  way: LoginWay
  appid: string | null
  /** The back end that asked. */
  clientId: string | null
  component: string | null
  /** `ok`, or a name of the wire's error table. */
  outcome: string
  /** WeChat's own error, when it was the cause. */
  errcode: number | null
  rid: string | null
  openid: string | null
  memberId: string | null
  sessionId: string | null
  deviceId: string | null
  /** Keyed hashes of the codes, as in `codes` and `ledger`. */
  loginCodeKey: string | null
  phoneCodeKey: string | null
  /** Keyed indexes of the number: of its masked form, and of all of it. */
  maskedSubject: string | null
  phoneSubject: string | null
  platform: string | null
  clientVersion: string | null
  /** How long WeChat took, all calls together; `null` when it was not asked. */
  wechatMs: number | null
  totalMs: number
  /** The timeline, as JSON. */
  steps: string | null
}

/** An entry as lists show it, without its timeline. */
export type LoginSummary = Omit<LoginRecord, 'steps'>

/**
 * Upper bounds of the classes in which durations are counted, in milliseconds; a last class takes what is longer. A
 * duration is in the first class whose bound is not less than it.
 */
export const latencyBoundsMs = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const

/** How often something happened on one day, and how long it took. */
export interface LoginSum {
  /** Start of the day in Shanghai, Unix time in milliseconds. */
  startMs: number
  /** Empty for apps that the service does not serve. */
  appid: string
  way: LoginWay
  outcome: string
  /** WeChat's error; 0 when there was none. */
  errcode: number
  entries: number
  /** When it happened last. */
  lastAtMs: number
  wechatMs: number
  totalMs: number
  /** Durations by class, see {@link latencyBoundsMs}; WeChat's only where it was asked. */
  wechatBuckets: number[]
  totalBuckets: number[]
}

/** What the requests of one person may be found by: also those that failed before anybody was recognised. */
export interface Person {
  memberIds: readonly string[]
  openids: readonly string[]
  deviceIds: readonly string[]
  maskedSubjects: readonly string[]
  phoneSubjects: readonly string[]
}

/** What to look for. What is not named does not matter; lists mean any of them. */
export interface LoginFilter {
  id?: string | undefined
  supportCode?: string | undefined
  rid?: string | undefined
  openid?: string | undefined
  /** Of login codes and phone codes. */
  codeKeys?: readonly string[] | undefined
  /** Any of what somebody is known by. */
  person?: Person | undefined
  appid?: string | undefined
  clientId?: string | undefined
  way?: LoginWay | undefined
  outcome?: string | undefined
  /** Everything but `ok`. */
  isFailed?: boolean | undefined
  fromMs?: number | undefined
  /** Before this moment. */
  untilMs?: number | undefined
  /** Goes on behind the last one of a page. */
  before?: { atMs: number; id: string } | undefined
  limit: number
}

export interface LoginStore {
  /** Writes entries down. One that is there already, by id and time, stays as it is. */
  add(entries: readonly LoginRecord[]): Promise<void>
  /** Adds to the sums. Inside a transaction: of two who meet, one waits or runs again. */
  addSums(sums: readonly LoginSum[]): Promise<void>
  /** Members who have one of these numbers or ids, and what else they are known by: openids, and devices of late. */
  whoIs(of: Partial<Pick<Person, 'memberIds' | 'maskedSubjects' | 'phoneSubjects'>>): Promise<Person>
  /** The numbers of these members. */
  phonesOf(
    memberIds: readonly string[],
  ): Promise<{ memberId: string; subject: string; sealed: string | null }[]>
  /** The newest first. */
  search(filter: LoginFilter): Promise<LoginSummary[]>
  /** The newest entry of this id, whole. */
  find(id: string): Promise<LoginRecord | undefined>
  /** Sums from a day on and before another, oldest first. */
  sums(filter: { appid?: string | undefined; fromMs: number; untilMs: number }): Promise<LoginSum[]>
}
