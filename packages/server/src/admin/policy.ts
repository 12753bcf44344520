/** From where administrators may come, and how long they stay signed in. */
export interface AdminPolicy {
  /** Addresses and CIDR ranges that `/admin` and `/console` may be reached from. Default is everywhere. */
  ips: readonly string[] | undefined
  /**
   * Whether `/admin` and `/console` are answered by `Haoma.adminFetch` alone, for a listener of their own. Default is
   * false.
   */
  isApart: boolean
  /** How long a session lives without a request, in seconds. Default is 7200. */
  sessionIdleS: number
  /** How long a session lives at most, in seconds. Default is 43200. */
  sessionLifeS: number
}

export const adminDefaults: AdminPolicy = {
  ips: undefined,
  isApart: false,
  sessionIdleS: 7200,
  sessionLifeS: 43_200,
}
