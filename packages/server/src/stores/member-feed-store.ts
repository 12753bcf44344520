import type { Identity, Member } from './member-store.ts'

/** A member with everything by which it is recognised. */
export interface MemberWithIdentities {
  member: Member
  identities: Identity[]
}

/** Reads members for those who keep a copy of them. */
export interface MemberFeedStore {
  /** These members, in no particular order; those that are not known are left out. */
  list(ids: readonly string[]): Promise<MemberWithIdentities[]>
  /** Counts the changes of a member. */
  versionOf(id: string): Promise<number | undefined>
  /** The member that was made last. */
  newest(): Promise<string | undefined>
  /** Members that changed after a place in the order of changes, each once, at its latest place. */
  changedAfter(position: number, limit: number): Promise<{ id: string; position: number }[]>
}
