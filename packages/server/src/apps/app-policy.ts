import type { PhoneComponent } from '@haoma/protocol'

/** What holds for one app, beside its secret. What is not set is as the service's default. */
export interface AppPolicy {
  /** Name of the open-platform account that the app's unionids are of. Default is `*`: there is but one. */
  openPlatform?: string | undefined
  /** Lets known members in and makes none. Default is false. */
  knownMembersOnly?: boolean | undefined
  /** ISO 3166 codes of countries whose numbers are taken. Default is all. */
  countries?: readonly string[] | undefined
  /**
   * A number that was last vouched for longer ago opens its member only when it is checked right now, in days: numbers
   * get new holders. Default is 90.
   */
  rejoinAfterDays?: number | undefined
  /** The way in by SMS, where the service has one. Default is the service's. */
  sms?: AppSmsPolicy | undefined
  /** Lifetimes of sessions. Default is the service's. */
  session?: { [Name in keyof SessionPolicy]?: SessionPolicy[Name] | undefined } | undefined
  /** What each paid component may cost; one that has cost so much is not offered any more. Default is no limit. */
  budgets?: AppBudgets | undefined
}

/** What a component may cost in one day and one month of Asia/Shanghai, in li (1/1000 yuan). */
export interface Budget {
  dayLi?: number | undefined
  monthLi?: number | undefined
}

export type AppBudgets = { [Component in PhoneComponent]?: Budget | undefined }

export interface AppSmsPolicy {
  /** Default is true. */
  isOffered?: boolean
  /** ISO 3166 codes of countries that are sent to, within {@link AppPolicy.countries}. Default is the service's list. */
  countries?: readonly string[]
}

export interface SessionPolicy {
  /** Life of an access token, in seconds; up to a twentieth less at random. Default is 900 (15 minutes). */
  accessTtlS: number
  /** A session ends when it was not refreshed for so long, in seconds. Default is 2592000 (30 days). */
  idleTtlS: number
  /** A session ends then, however often it is refreshed, in seconds. Default is 31536000 (365 days). */
  absoluteTtlS: number
  /**
   * Longest time that the refresh token before the current one still gives the current one, as long as nobody used that,
   * in seconds. Default is 86400 (a day).
   */
  rotationGraceS: number
  /** Living sessions a member may have in one app; a new one ends the oldest. Default is 10. */
  maxSessions: number
}

/** Every policy, complete. */
export interface FullAppPolicy {
  openPlatform: string
  knownMembersOnly: boolean
  countries: readonly string[] | undefined
  rejoinAfterDays: number
  sms: AppSmsPolicy
  session: SessionPolicy
  budgets: AppBudgets
}

export const sessionDefaults: SessionPolicy = {
  accessTtlS: 15 * 60,
  idleTtlS: 30 * 86_400,
  absoluteTtlS: 365 * 86_400,
  rotationGraceS: 86_400,
  maxSessions: 10,
}

const REJOIN_AFTER_DAYS = 90

/** Says what holds for an app. */
export type PolicyOf = (appid: string) => FullAppPolicy

/**
 * @param ownOf - What an app sets for itself.
 * @param shared - What holds for apps that do not.
 */
export function createPolicyOf(
  ownOf: (appid: string) => AppPolicy | undefined,
  shared: { unionidScope: string; session: Partial<SessionPolicy> },
): PolicyOf {
  return (appid) => {
    const policy = ownOf(appid) ?? {}
    return {
      openPlatform: policy.openPlatform ?? shared.unionidScope,
      knownMembersOnly: policy.knownMembersOnly ?? false,
      countries: policy.countries,
      rejoinAfterDays: policy.rejoinAfterDays ?? REJOIN_AFTER_DAYS,
      sms: policy.sms ?? {},
      session: withDefaults({ ...sessionDefaults, ...shared.session }, policy.session ?? {}),
      budgets: policy.budgets ?? {},
    }
  }
}

/** What is `undefined` is not set. */
function withDefaults(shared: SessionPolicy, own: NonNullable<AppPolicy['session']>): SessionPolicy {
  const set = Object.entries(own).filter(([, value]) => value !== undefined)
  return { ...shared, ...Object.fromEntries(set) }
}
