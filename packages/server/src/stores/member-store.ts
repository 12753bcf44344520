/** `wechat-openid` is scoped by appid, `wechat-unionid` by open-platform account, `phone` is everywhere (`*`). */
export type IdentityProvider = 'wechat-openid' | 'wechat-unionid' | 'phone'

/** A way to recognize a member. Unique on provider, scope and subject; a member has one phone at most. */
export interface Identity {
  provider: IdentityProvider
  scope: string
  /** The openid, the unionid, or the blind index of the phone number. */
  subject: string
  memberId: string
  /** The phone number, encrypted; `null` for the others. */
  sealed: string | null
  /** ISO 3166 country of a phone number, where it can be told. */
  country: string | null
  /** Keyed index of the masked number, by which people look for it. */
  maskedSubject: string | null
  /** What proved the number. */
  verifiedBy: 'quick' | 'realtime' | 'sms' | 'import' | null
  createdAtMs: number
  /** When WeChat last vouched for it. */
  verifiedAtMs: number
}

export interface Member {
  id: string
  /** A `merged` one has no identities and no sessions left; of an `erased` one nothing but the id is left. */
  state: 'active' | 'banned' | 'merged' | 'erased'
  /** The member this one became part of. */
  mergedInto: string | null
  createdAtMs: number
  changedAtMs: number
}

export type IdentityName = Pick<Identity, 'provider' | 'scope' | 'subject'>

export interface MemberStore {
  create(member: { id: string; createdAtMs: number }): Promise<void>
  find(id: string): Promise<Member | undefined>
  findIdentity(name: IdentityName): Promise<Identity | undefined>
  findPhone(memberId: string): Promise<Identity | undefined>
  /** @throws {StoreConflictError} When somebody has it, or the member has a phone and this is another. */
  addIdentity(identity: Identity): Promise<void>
  /** Removes it if this member has it. */
  removeIdentity(name: IdentityName, memberId: string): Promise<void>
  /** Writes down that WeChat vouched for it again. */
  touchIdentity(name: IdentityName, verifiedAtMs: number): Promise<void>
  /** Moves every identity to the other member and marks the first as merged into it. */
  merge(from: string, into: { memberId: string; nowMs: number }): Promise<void>
}
