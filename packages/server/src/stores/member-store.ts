/** `wechat-openid` is scoped by appid, `wechat-unionid` by open-platform account, `phone` is everywhere (`*`). */
export type IdentityProvider = 'wechat-openid' | 'wechat-unionid' | 'phone'

/** What proved a number: a paid component of WeChat's, a code by SMS, or the word of who imported it. */
export type Proof = 'quick' | 'realtime' | 'sms' | 'import'

/** A way to recognize a member. Unique on provider, scope and subject; a member has one phone at most. */
export interface Identity {
  provider: IdentityProvider
  scope: string
  /** The openid, the unionid, or the blind index of the phone number, which names its key. */
  subject: string
  memberId: string
  /** The phone number, encrypted; `null` for the others. */
  sealed: string | null
  /** ISO 3166 country of a phone number, where it can be told. */
  country: string | null
  /** Keyed index of the masked number, by which people look for it. */
  maskedSubject: string | null
  /** What proved the number. */
  verifiedBy: Proof | null
  createdAtMs: number
  /** When it was last vouched for. */
  verifiedAtMs: number
}

/** A `merged` one has no identities and no sessions left; of an `erased` one nothing but the id is left. */
export type MemberState = 'active' | 'banned' | 'merged' | 'erased'

export interface Member {
  id: string
  state: MemberState
  /** The member this one became part of. */
  mergedInto: string | null
  createdAtMs: number
  changedAtMs: number
}

export type IdentityName = Pick<Identity, 'provider' | 'scope' | 'subject'>

/** An identity beside the state of the member who has it. */
export interface KnownIdentity extends Identity {
  memberState: MemberState
}

export interface MemberStore {
  /**
   * @param member - `events` is how many events are recorded with it, at sequence 1 and on.
   */
  create(member: { id: string; createdAtMs: number; events?: number }): Promise<void>
  find(id: string): Promise<Member | undefined>
  /** Locks the members until the end of the transaction, in the order of their ids. */
  lock(ids: readonly string[]): Promise<Member[]>
  setState(
    id: string,
    change: { state: MemberState; mergedInto?: string | null; nowMs: number },
  ): Promise<void>
  findIdentity(name: IdentityName): Promise<Identity | undefined>
  /** Every identity of every member who has one of these. */
  recall(names: readonly IdentityName[]): Promise<KnownIdentity[]>
  /** Every identity of this member. */
  identitiesOf(memberId: string): Promise<Identity[]>
  findPhone(memberId: string): Promise<Identity | undefined>
  /** @throws {StoreConflictError} When somebody has one of them, or the member has a phone and this is another. */
  addIdentities(identities: readonly Identity[]): Promise<void>
  /** Removes it if this member has it, and says whether it was there. */
  removeIdentity(name: IdentityName, memberId: string): Promise<boolean>
  /** Writes down that it was vouched for again. An earlier time than the one it has changes nothing. */
  touchIdentity(name: IdentityName, proof: { verifiedAtMs: number; verifiedBy: Proof }): Promise<void>
  /** Gives the identities to another member, as far as the first has them, and says how many. */
  moveIdentities(names: readonly IdentityName[], move: { from: string; to: string }): Promise<number>
  /** Members who came in a span, by day in Shanghai; days without any are left out. */
  countNew(of: { fromMs: number; toMs: number }): Promise<{ startMs: number; entries: number }[]>
  /** Phones whose index or seal is not of this key, in the order of their index, after `after`. */
  listPhonesToRekey(keyId: string, page: { after: string; limit: number }): Promise<Identity[]>
  countPhonesToRekey(keyId: string): Promise<number>
  /** Writes a phone under another key; false when it changed meanwhile. @throws {StoreConflictError} */
  rekeyPhone(phone: Identity, to: Pick<Identity, 'subject' | 'sealed' | 'maskedSubject'>): Promise<boolean>
}
