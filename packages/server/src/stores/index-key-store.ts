/** Which key of the ring writes numbers; the others only read what they wrote before. */
export interface IndexKey {
  id: string
  state: 'writing' | 'reading'
  sinceMs: number
}

export interface IndexKeyStore {
  list(): Promise<IndexKey[]>
  /** Makes the key the one that writes. @throws {StoreConflictError} When one does already. */
  addWriting(id: string, nowMs: number): Promise<void>
  /**
   * The key that writes. Inside a transaction it stays so until the end of it, so that two processes never write one
   * number under two keys.
   *
   * @throws {StoreConflictError} When it is being changed right now.
   */
  findWriting(): Promise<string>
  /** Makes this key the one that writes; waits for the transactions that write with the one before. */
  startWriting(id: string, nowMs: number): Promise<void>
  /** Forgets a key that nothing is written with any more. */
  remove(id: string): Promise<void>
}
