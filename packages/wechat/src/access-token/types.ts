/** What a token source is asked for. */
export interface TokenRequest {
  readonly appid: string
  /** Time for the whole answer, in milliseconds. The source must have settled by then. */
  readonly timeoutMs: number
  /** The token that WeChat refused, when that is why a new one is asked for. */
  readonly failedToken: string | undefined
  /** Ask for a new token even though the old one lives. It kills the old one at once. */
  readonly force: boolean
}

/** What a token source gives. */
export interface FetchedToken {
  readonly accessToken: string
  /** Seconds that remain; not always 7200. */
  readonly expiresInS: number
}

/** Where access tokens come from. */
export interface TokenSource {
  /** For `health()` and events: `stable`, `legacy`, `haoma`, `function`. */
  readonly name: string
  /** Whether {@link TokenRequest.force} is understood. */
  readonly canForce: boolean
  /** Fetches that one process may make in an hour before it pauses. */
  readonly fetchesPerHour: number
  fetch(request: TokenRequest): Promise<FetchedToken>
}

/** A token as it lies in a store. */
export interface StoredToken {
  readonly accessToken: string
  /** Milliseconds that remain, by the clock of the store, so that the clocks of its users do not matter. */
  readonly expiresInMs: number
}

/** A lease: the right of one process to fetch and to write. */
export interface Lease {
  /** Random, new for every attempt. */
  readonly owner: string
  /** Grows with every lease of an app, so that a late writer is told from the present one. */
  readonly fence: number
}

/** Limits of a forced refresh. */
export interface ForceRule {
  readonly max: number
  readonly windowMs: number
  readonly minIntervalMs: number
}

/** Whether a forced refresh may be made; a granted one counts. */
export type ForcePermit =
  | { readonly granted: true }
  | { readonly granted: false; readonly retryAfterMs: number }

/**
 * What several processes share: one token per app, and one lease per app under which it is fetched.
 *
 * Every method is atomic: of any number of concurrent calls on any number of processes, one is first. Time is
 * the store's own. Check an implementation of yours with `testTokenStore` of `@haoma/wechat/conformance`.
 */
export interface TokenStore {
  /** For `health()`: `memory`, `file`, `redis`, `postgres`. */
  readonly name: string
  /** Gives the token of an app, or `undefined` when there is none or it has expired. */
  read(appid: string): Promise<StoredToken | undefined>
  /**
   * Takes the lease of an app for `ttlMs` and gives its fencing number, greater than any given before for this
   * app. Gives `undefined` while another owner's lease lasts.
   */
  acquire(
    appid: string,
    claim: { readonly owner: string; readonly ttlMs: number },
  ): Promise<number | undefined>
  /**
   * Makes a lease last for `ttlMs` from now and gives `true`, its fencing number unchanged; gives `false` and changes
   * nothing when the lease has run out or is another's.
   */
  renew(appid: string, lease: Lease & { readonly ttlMs: number }): Promise<boolean>
  /**
   * Writes a token under a lease and gives `true`; gives `false` and changes nothing when the lease has run out
   * or is another's.
   */
  write(appid: string, token: StoredToken & Lease): Promise<boolean>
  /** Gives a lease back. Does nothing when it is another's by now. */
  release(appid: string, lease: Lease): Promise<void>
  /** Counts a forced refresh, when the rule allows one more. */
  takeForcePermit(appid: string, rule: ForceRule): Promise<ForcePermit>
  /** Lets go of what the store itself opened. A client or pool handed in by the user stays open. */
  close?(): Promise<void>
}
