export interface StoredSigningKey {
  kid: string
  alg: string
  /** JSON Web Key, public part, as JSON. */
  publicJwk: string
  /** JSON Web Key, private part, encrypted. */
  sealedPrivateJwk: string
  state: 'next' | 'signing' | 'retired' | 'revoked'
  createdAtMs: number
  /** From when on it may sign; known to everybody before. */
  signsFromMs: number
  /** When it stopped signing; it still verifies. `null` for the one that signs. */
  retiredAtMs: number | null
}

export interface SigningKeyStore {
  /** Newest first. */
  list(): Promise<StoredSigningKey[]>
  /** @throws {StoreConflictError} When another process added the signing key first. */
  add(key: StoredSigningKey): Promise<void>
}
