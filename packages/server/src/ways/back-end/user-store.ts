/** What the service knows of somebody, as it is written on a user of yours. */
export interface UserFacts {
  /** The key: one user for each member. */
  memberId: string
  /** Counts the changes of this member. What is older than what you have written already changes nothing. */
  version: number
  /** Whether the member may not log in. */
  isBanned: boolean
  openids: readonly { appid: string; openid: string }[]
  unionids: readonly string[]
  /** `null` when none is bound, or no longer. */
  phone: UserPhone | null
}

export interface UserPhone {
  /** With leading `+`. */
  e164: string
  nationalNumber: string
  countryCallingCode: string
  verifiedAt: Date
}

/**
 * A user table of your own, which the service keeps in step with its members. Each call may come again, from several
 * processes at once and after later ones, and has to end in the same rows; `testUserStore` of
 * `@haoma/server/conformance` tries that.
 */
export interface UserStore {
  /**
   * Writes the facts on the user of this member. Where there is none, on a user of before the service whom you know by
   * the number or the unionid and who has no member yet, else on a new one. Two users may have one number for a moment,
   * when it goes from one member to another.
   */
  save(facts: UserFacts): Promise<void>
  /**
   * Moves what belongs to the user of one member to the user of another, who was saved before, and ends the first:
   * nobody has that member any more. Does nothing when nobody has it.
   */
  merge(members: { from: string; into: string }): Promise<void>
  /** Erases what can be told of the person; orders may stay. Does nothing when nobody has the member. */
  erase(memberId: string): Promise<void>
}
