/** What a limit counts by. `ip` is a /64 for IPv6. */
export type LimitSubject = 'ip' | 'openid' | 'member' | 'app' | 'client' | 'device' | 'name'

export interface LimitPolicy {
  /** What is counted: every request, or only those whose code or secret turned out to be wrong. */
  counts: 'requests' | 'rejections'
  by: LimitSubject
  /** So many … */
  points: number
  /** … in so many seconds. */
  withinS: number
}

/**
 * Every limit of the service, by the kind of call it guards. A deployment may change the numbers by name
 * (`limits` option), or switch one off with `false`.
 *
 * A phone code is paid for and lives five minutes: whatever holds one back does so for seconds, and says for how long.
 * So the windows of calls that carry one are short, and what makes somebody wait longer is only what was rejected.
 *
 * One address is often a whole carrier's, with thousands of phones behind it: what counts every request by address only
 * stops a flood, and what guards against guessing counts rejections. What one number may get by SMS is counted in the
 * database, from what was sent (`ways/sms`).
 */
export const limitPolicies = {
  'login.ip': { counts: 'requests', by: 'ip', points: 600, withinS: 10 },
  'login.rejected.ip': { counts: 'rejections', by: 'ip', points: 20, withinS: 20 },
  'login.app': { counts: 'requests', by: 'app', points: 5000, withinS: 10 },
  'phone.ip': { counts: 'requests', by: 'ip', points: 60, withinS: 10 },
  'phone.openid': { counts: 'requests', by: 'openid', points: 10, withinS: 20 },
  'phone.rejected.openid': { counts: 'rejections', by: 'openid', points: 5, withinS: 20 },
  'phone.member': { counts: 'requests', by: 'member', points: 10, withinS: 20 },
  'refresh.ip': { counts: 'requests', by: 'ip', points: 1200, withinS: 60 },
  'refresh.rejected.ip': { counts: 'rejections', by: 'ip', points: 30, withinS: 300 },
  'merge.member': { counts: 'requests', by: 'member', points: 10, withinS: 600 },
  'read.ip': { counts: 'requests', by: 'ip', points: 3000, withinS: 60 },
  'events.ip': { counts: 'requests', by: 'ip', points: 1200, withinS: 60 },
  'exchange.client': { counts: 'requests', by: 'client', points: 3000, withinS: 10 },
  'exchange.rejected.client': { counts: 'rejections', by: 'client', points: 600, withinS: 20 },
  'client.rejected.ip': { counts: 'rejections', by: 'ip', points: 20, withinS: 60 },
  'members.client': { counts: 'requests', by: 'client', points: 600, withinS: 60 },
  'token.client': { counts: 'requests', by: 'client', points: 6000, withinS: 60 },
  'gateway.client': { counts: 'requests', by: 'client', points: 3000, withinS: 60 },
  'sms.ip': { counts: 'requests', by: 'ip', points: 100, withinS: 3600 },
  'sms.device': { counts: 'requests', by: 'device', points: 10, withinS: 3600 },
  'sms.app': { counts: 'requests', by: 'app', points: 600, withinS: 60 },
  'sms.login.ip': { counts: 'requests', by: 'ip', points: 600, withinS: 60 },
  'sms.rejected.ip': { counts: 'rejections', by: 'ip', points: 100, withinS: 600 },
  'admin.key.rejected.ip': { counts: 'rejections', by: 'ip', points: 20, withinS: 60 },
  'admin.rejected.ip': { counts: 'rejections', by: 'ip', points: 20, withinS: 900 },
  'admin.rejected.name': { counts: 'rejections', by: 'name', points: 5, withinS: 900 },
  'admin.rejected.device': { counts: 'rejections', by: 'device', points: 10, withinS: 900 },
} as const satisfies Record<string, LimitPolicy>

export type LimitName = keyof typeof limitPolicies
export type LimitOverrides = Partial<Record<LimitName, { points: number; withinS: number } | false>>
