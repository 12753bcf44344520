/** `next` is published and will sign · `signing` · `retired` verifies what it signed · `revoked` verifies nothing. */
export type SigningKeyState = 'next' | 'signing' | 'retired' | 'revoked'

export interface StoredSigningKey {
  kid: string
  alg: string
  /** JSON Web Key, public part, as JSON. */
  publicJwk: string
  /** JSON Web Key, private part, encrypted. */
  sealedPrivateJwk: string
  state: SigningKeyState
  createdAtMs: number
  /** From when on it may sign; known to everybody before. */
  signsFromMs: number
  /** When it stopped signing, or was revoked. `null` before. */
  retiredAtMs: number | null
}

export interface SigningKeyStore {
  /** Newest first. */
  list(): Promise<StoredSigningKey[]>
  /** @throws {StoreConflictError} When another process added the signing key first. */
  add(key: StoredSigningKey): Promise<void>
  /**
   * Moves a key from one state to another; false when it was not in the first.
   *
   * @throws {StoreConflictError} When another key signs.
   */
  setState(
    kid: string,
    change: { from: SigningKeyState; to: SigningKeyState; retiredAtMs: number | null },
  ): Promise<boolean>
  reseal(kid: string, sealedPrivateJwk: string): Promise<void>
  remove(kid: string): Promise<void>
}
