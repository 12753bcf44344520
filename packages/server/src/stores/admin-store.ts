/** What an administrator may do, from least to most. */
export type AdminRole = 'viewer' | 'operator' | 'owner'

export interface Admin {
  id: string
  /** Lower case; unique. */
  username: string
  role: AdminRole
  /** Self-describing; empty while there is none, and nobody signs in by it then. */
  passwordHash: string
  /** The secret of one-time codes; `null` while there is none. */
  totpSealed: string | null
  /** The secret of an authenticator that was not confirmed yet. */
  totpPendingSealed: string | null
  /** The newest time step whose code was used; neither it nor an older one is taken again. */
  totpStep: number | null
  /** Digests of the recovery codes that are left. */
  recoveryDigests: readonly string[]
  createdAtMs: number
  seenAtMs: number | null
  disabledAtMs: number | null
}

/**
 * What a one-time link is for: `first-owner` makes the first owner · `invite` makes another administrator · `reset` gives
 * one a new password · `sign-in` signs one in.
 */
export type AdminLinkPurpose = 'first-owner' | 'invite' | 'reset' | 'sign-in'

export interface AdminLink {
  /** `<key id>.<HMAC>` of the secret in the link. */
  digest: string
  purpose: AdminLinkPurpose
  /** Of the administrator that it makes. */
  role: AdminRole
  /** Whom it is for; `null` when it makes somebody. */
  adminId: string | null
  createdBy: string
  createdAtMs: number
  expiresAtMs: number
  usedAtMs: number | null
}

export interface AdminSession {
  /** `<key id>.<HMAC>` of the cookie's value. */
  digest: string
  id: string
  adminId: string
  /** What requests that change something carry in a header. */
  csrf: string
  ip: string | null
  userAgent: string | null
  createdAtMs: number
  seenAtMs: number
  /** It ends then, whatever is done with it. */
  expiresAtMs: number
  endedAtMs: number | null
}

type AdminChange = Partial<Omit<Admin, 'id' | 'createdAtMs'>>

export interface AdminStore {
  /** @throws {StoreConflictError} When the name is taken. */
  add(admin: Admin): Promise<void>
  find(id: string): Promise<Admin | undefined>
  findByName(username: string): Promise<Admin | undefined>
  /** All of them, in the order of their names. */
  list(): Promise<Admin[]>
  /**
   * Keeps others from doing what is done under this lock until the transaction ends: two that decide over who is an
   * owner decide one after the other.
   */
  lockAll(): Promise<void>
  /** Locks one until the transaction ends, and gives it. */
  lock(id: string): Promise<Admin | undefined>
  /** Changes what is named. @throws {StoreConflictError} When the new name is taken. */
  change(id: string, change: AdminChange): Promise<void>
  /** Takes a time step of one-time codes; false when it, or a newer one, was taken before. */
  takeTotpStep(id: string, step: number): Promise<boolean>
  /** Notes that it was seen. */
  touch(id: string, nowMs: number): Promise<void>

  addLink(link: AdminLink): Promise<void>
  /** The link that has one of these digests, used and expired ones too. */
  findLink(digests: readonly string[]): Promise<AdminLink | undefined>
  /** Links that can still be used, newest first. */
  listLinks(nowMs: number): Promise<AdminLink[]>
  /** Uses it; false when somebody did. */
  useLink(digest: string, nowMs: number): Promise<boolean>
  /** Uses up every open link of this purpose, that is for this administrator, or that was made by one. */
  endLinks(
    of: { purpose: AdminLinkPurpose } | { adminId: string } | { createdBy: string },
    nowMs: number,
  ): Promise<void>

  addSession(session: AdminSession): Promise<void>
  /** The session with one of these digests beside its administrator, ended ones too. */
  findSession(digests: readonly string[]): Promise<{ session: AdminSession; admin: Admin } | undefined>
  /** Sessions that have not ended, newest first. */
  listSessions(adminId: string, nowMs: number): Promise<AdminSession[]>
  touchSession(digest: string, nowMs: number): Promise<void>
  /** Ends one of an administrator's sessions; false when there is no such living one. */
  endSession(id: string, adminId: string, nowMs: number): Promise<boolean>
  /** Ends all, but one if it is named, and says how many. */
  endSessions(adminId: string, end: { nowMs: number; except?: string | undefined }): Promise<number>
}
