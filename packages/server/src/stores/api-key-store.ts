/** A key of operations and automation. The secret itself is not stored. */
export interface ApiKey {
  id: string
  /** `<key id>.<HMAC>` of the secret. */
  digest: string
  /** For people. */
  name: string
  /** Its first characters, so that people can tell two apart. */
  hint: string
  scopes: readonly string[]
  /** The administrator who made it. */
  createdBy: string
  createdAtMs: number
  /** When it was last used, to the minute. */
  seenAtMs: number | null
  expiresAtMs: number | null
  revokedAtMs: number | null
}

export interface ApiKeyStore {
  add(apiKey: ApiKey): Promise<void>
  /** The living key that has one of these digests. */
  findLiving(digests: readonly string[], nowMs: number): Promise<ApiKey | undefined>
  /** All of them, newest first, revoked ones too. */
  list(): Promise<ApiKey[]>
  /** Ends it for good and gives it; `undefined` when there is no living one of that id. */
  revoke(id: string, nowMs: number): Promise<ApiKey | undefined>
  /** Notes that it was used. */
  touch(id: string, nowMs: number): Promise<void>
}
