/** A member was erased. It outlives a restored backup, so that what was erased since is erased again. */
export interface Erasure {
  id: string
  memberId: string
  /** Keyed digests of the member's identities, as a JSON list: proof of whom, and nothing to read. */
  subjects: string
  erasedAtMs: number
}

export interface ErasureStore {
  add(erasure: Erasure): Promise<void>
  find(memberId: string): Promise<Erasure | undefined>
  /** Takes openid, number and device of the member out of codes, ledger and journal; the sums stay. */
  scrub(
    memberId: string,
    identities: { openids: readonly string[]; subjects: readonly string[] },
  ): Promise<void>
}
