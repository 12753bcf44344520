import type { IdentityName, Proof } from './member-store.ts'

/** Two members became one. It holds what was moved, so that it can be undone. */
export interface Merge {
  id: string
  fromMember: string
  intoMember: string
  reason: 'same-number' | 'same-unionid' | 'ticket' | 'operator'
  /** Who did it: `member`, or an operator's id. */
  actor: string
  /** {@link MovedRows} as JSON. */
  moved: string
  mergedAtMs: number
  undoUntilMs: number
  undoneAtMs: number | null
}

export interface MovedRows {
  identities: IdentityName[]
  sessions: string[]
  /** Bindings that ended with the merge; the first member had them. */
  bindings: string[]
  /** The binding of the number that came along to the other, where it did. */
  broughtBinding?: string | undefined
}

/** The right to join two members who both have a number, for ten minutes. */
export interface MergeTicket {
  /** SHA-256 of the ticket's text, in hex. */
  digest: string
  /** Who may use it. */
  memberId: string
  /** Who has the number. */
  otherMemberId: string
  sessionId: string | null
  deviceId: string | null
  appid: string
  openid: string | null
  /** The code that brought the number; it never proves anything itself. */
  codeKey: string | null
  subject: string
  /** The number, paid for and kept. */
  sealed: string
  /** What proved the number, and when; a proof after the ticket was made lets it be used. */
  verifiedBy: Proof
  verifiedAtMs: number
  createdAtMs: number
  expiresAtMs: number
  usedAtMs: number | null
}

export interface MergeStore {
  add(merge: Merge): Promise<void>
  find(id: string): Promise<Merge | undefined>
  /** Merges from or into the member, newest first. */
  listOf(memberId: string): Promise<Merge[]>
  /** Marks it as undone, once; false when it was. */
  markUndone(id: string, nowMs: number): Promise<boolean>
  addTicket(ticket: MergeTicket): Promise<void>
  findTicket(digest: string): Promise<MergeTicket | undefined>
  /** The open ticket of a session for a number. */
  findOpenTicket(of: {
    sessionId: string
    subjects: readonly string[]
    nowMs: number
  }): Promise<MergeTicket | undefined>
  proveTicket(digest: string, proof: { verifiedBy: Proof; verifiedAtMs: number }): Promise<void>
  /** Uses it, once; false when it was used. */
  useTicket(digest: string, nowMs: number): Promise<boolean>
  removeTicketsOf(memberId: string): Promise<void>
}
