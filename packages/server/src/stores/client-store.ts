/** A back end that calls with an id and a secret. */
export interface Client {
  id: string
  /** For people. */
  name: string
  scopes: readonly string[]
  /** Apps it may act for; `null` is all of them, also those added later. */
  appids: readonly string[] | null
  /** Addresses and CIDR ranges it may call from; `null` is anywhere. */
  ips: readonly string[] | null
  /** Paths of WeChat's that it may call through the gateway, such as `/wxa/msg_sec_check` and `/wxa/sec/*`. */
  gatewayPaths: readonly string[]
  /** Seconds that its SDK takes off the life of an access token that it was told. */
  tokenMarginS: number
  /** Calls it may make, all together; `null` is as many as everybody. */
  limits: ClientLimits | null
  createdAtMs: number
  /** When it last called, to the minute. */
  seenAtMs: number | null
  revokedAtMs: number | null
}

export interface ClientLimits {
  perMinute?: number | undefined
}

/** One secret of a client, as it is stored: found by its digest, never read. */
export interface ClientSecret {
  /** `<key id>.<HMAC>`. */
  digest: string
  clientId: string
  /** Its first characters, so that people can tell two apart. */
  hint: string
  createdAtMs: number
  /** From when on it no longer works; `null` while it is the newest. */
  expiresAtMs: number | null
  revokedAtMs: number | null
}

export interface ClientStore {
  add(client: Client): Promise<void>
  find(id: string): Promise<Client | undefined>
  /**
   * Gives the client that owns one of these digests, unless client or secret were revoked or the secret has expired.
   *
   * @param digests - of one secret, under every key of the ring
   */
  findBySecret(
    digests: readonly string[],
    nowMs: number,
  ): Promise<{ client: Client; secret: ClientSecret } | undefined>
  /** All clients, newest first, revoked ones too. */
  list(): Promise<Client[]>
  /** All secrets, newest first. */
  listSecrets(clientId?: string): Promise<ClientSecret[]>
  addSecret(secret: ClientSecret): Promise<void>
  changeSecret(
    digest: string,
    change: Partial<Pick<ClientSecret, 'expiresAtMs' | 'revokedAtMs'>>,
  ): Promise<void>
  /** Changes what a client may do. False when there is no living one of that id. */
  change(
    id: string,
    change: Partial<
      Pick<Client, 'name' | 'scopes' | 'appids' | 'ips' | 'limits' | 'gatewayPaths' | 'tokenMarginS'>
    >,
  ): Promise<boolean>
  /** Keeps others from changing the client until the transaction ends. False when there is no living one. */
  lock(id: string): Promise<boolean>
  /** Ends a client for good. False when there is no living one of that id. */
  revoke(id: string, nowMs: number): Promise<boolean>
  /** Notes that the client called. */
  touch(id: string, nowMs: number): Promise<void>
}
