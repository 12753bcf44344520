import type { IdentityProvider, Member, MemberState } from './member-store.ts'

/** By what a member is looked for; all that is named has to fit. */
export interface MemberSearch {
  id?: string | undefined
  /** Any identity of this kind, of whatever app or account. */
  identity?: { provider: IdentityProvider; subjects: readonly string[] } | undefined
  /** Keyed indexes of a masked number. */
  maskedSubjects?: readonly string[] | undefined
  state?: MemberState | undefined
}

/** A place in the order of members. */
export type MemberPlace = Pick<Member, 'id' | 'createdAtMs'>

/** Finds members for people. Each search is answered by an index, however many members there are. */
export interface MemberSearchStore {
  /** Newest first, after a place in that order. */
  find(search: MemberSearch, page: { after: MemberPlace | undefined; limit: number }): Promise<Member[]>
  /** When each of these members was last seen, as far as sessions tell. */
  seenAt(ids: readonly string[]): Promise<Map<string, number>>
}
