/**
 * What happened to the access token of an app: `fetched` from WeChat · `replaced` there by somebody else · `forced` by hand ·
 * `failed` to be fetched.
 */
export type TokenEventKind = 'fetched' | 'replaced' | 'forced' | 'failed'

/** A line of an app's token history. Never holds a token. */
export interface TokenEvent {
  id: string
  appid: string
  atMs: number
  kind: TokenEventKind
  /** Life of the token that came, in seconds. */
  expiresInS: number | null
  /** WeChat's number, of what failed. */
  errcode: number | null
  rid: string | null
  /** Who forced it. */
  actor: string | null
}

export interface TokenEventStore {
  add(event: TokenEvent): Promise<void>
  /** The newest of an app first. */
  list(appid: string, limit: number): Promise<TokenEvent[]>
  /**
   * Writes down that a token is fetched by force, when the rule allows one more. Atomic over all processes.
   *
   * @returns how long to wait, in milliseconds; 0 when it was written down
   */
  takeForce(event: TokenEvent, rule: ForceRule): Promise<number>
}

/** At most `max` within `windowMs`, `minIntervalMs` apart. */
export interface ForceRule {
  max: number
  windowMs: number
  minIntervalMs: number
}
