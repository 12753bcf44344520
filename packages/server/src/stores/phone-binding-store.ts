import type { Proof } from './member-store.ts'

/**
 * One number that a member had, from when to when, and the consent it came with. `not-proven`: it was shown by a user
 * whom it could not let in.
 */
export interface PhoneBinding {
  id: string
  memberId: string
  /** Blind index of the number. */
  subject: string
  sealed: string | null
  maskedSubject: string | null
  verifiedBy: Proof
  /** The app and the WeChat user who agreed to give the number. */
  appid: string | null
  openid: string | null
  /** Version of the privacy guideline that was agreed to, as the client told it. */
  guideline: string | null
  boundAtMs: number
  verifiedAtMs: number
  unboundAtMs: number | null
  unboundReason: 'changed' | 'unbound' | 'merged' | 'not-proven' | null
}

export interface PhoneBindingStore {
  add(binding: PhoneBinding): Promise<void>
  /** Ends the open bindings of the member and gives their ids. */
  end(memberId: string, end: { reason: PhoneBinding['unboundReason']; nowMs: number }): Promise<string[]>
  /** Opens bindings again that a merge had ended, for the member who had them. */
  reopen(ids: readonly string[]): Promise<void>
  /** Oldest first. */
  listOf(memberId: string): Promise<PhoneBinding[]>
  /** Whether anybody but this member was vouched for with the number after that time. */
  wasUsedSince(subjects: readonly string[], use: { otherThan: string; afterMs: number }): Promise<boolean>
  removeOf(memberId: string): Promise<void>
  /** Rows whose index or seal is not of this key, in the order of their ids, after `after`. */
  listToRekey(keyId: string, page: { after: string; limit: number }): Promise<PhoneBinding[]>
  countToRekey(keyId: string): Promise<number>
  rekey(id: string, to: Pick<PhoneBinding, 'subject' | 'sealed' | 'maskedSubject'>): Promise<void>
}
