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
  /** The newest of an app first; of one kind if it is named. */
  list(appid: string, of: { limit: number; kind?: TokenEventKind }): Promise<TokenEvent[]>
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

/**
 * How long the next one has to wait, in milliseconds; 0 when it may be made now.
 *
 * @param earlier - the times of those before, newest first
 */
export function forceWaitMs(
  earlier: readonly number[],
  { max, windowMs, minIntervalMs }: ForceRule,
  nowMs: number,
): number {
  const [last] = earlier
  const oldest = earlier.filter((atMs) => atMs > nowMs - windowMs)[max - 1]
  const apartMs = last === undefined ? 0 : minIntervalMs - (nowMs - last)
  return Math.max(apartMs, oldest === undefined ? 0 : oldest + windowMs - nowMs, 0)
}
