import { beijingDayNumber, type Clock } from './clock.ts'
import { getOrCreate } from './get-or-create.ts'
import type { Random } from './random.ts'

const TOKEN_TTL_MS = 7_200_000
/** How long old and new token live side by side, and how early the platform renews. */
const TOKEN_OVERLAP_MS = 300_000
const FORCE_REFRESH_GAP_MS = 30_000
const FORCE_REFRESHES_A_DAY = 20

export type TokenKind = 'stable' | 'legacy'

export interface AccessToken {
  accessToken: string
  appid: string
  kind: TokenKind
  issuedAtMs: number
  expiresAtMs: number
  /** From when on a newer token has taken its place; absent on the current one. */
  retiredAtMs?: number
}

export type TokenState = 'valid' | 'superseded' | 'expired' | 'unknown'

export interface IssuedToken {
  accessToken: string
  expiresInS: number
}

export interface AccessTokens {
  /** The stable token in normal mode: the same one until its last 5 minutes. */
  issueStable(appid: string): IssuedToken
  /** The stable token in force mode; the previous one dies at once. */
  forceStable(appid: string): IssuedToken | { refused: 'too-soon' | 'over-limit'; current: IssuedToken }
  /** A fresh legacy token; the previous one lives 5 minutes more. */
  issueLegacy(appid: string): IssuedToken
  /**
   * What another server of the same team would do: replaces the current tokens of an app.
   *
   * @param strict - the old ones die at once instead of in 5 minutes
   */
  replace(appid: string, kind: TokenKind, strict: boolean): AccessToken
  find(accessToken: string): AccessToken | undefined
  stateOf(token: AccessToken | undefined): TokenState
  /** Gives the force-refresh budget of the day back. */
  clearForceQuota(appid: string): void
  list(): AccessToken[]
  load(tokens: readonly AccessToken[]): void
}

/** Dead tokens are kept so that they answer 42001 or 40001 for the right reason; not for ever. */
const TOKENS_KEPT_PER_APP = 200

export function createAccessTokens({ clock, random }: { clock: Clock; random: Random }): AccessTokens {
  const byToken = new Map<string, AccessToken>()
  const byApp = new Map<string, AccessToken[]>()
  const forced = new Map<string, { atMs: number; day: number; count: number }>()

  const remember = (token: AccessToken): AccessToken => {
    const own = getOrCreate(byApp, token.appid, (): AccessToken[] => [])
    own.push(token)
    byToken.set(token.accessToken, token)
    const oldest = own.length > TOKENS_KEPT_PER_APP ? own.shift() : undefined
    if (oldest) byToken.delete(oldest.accessToken)
    return token
  }
  const current = (appid: string, kind: TokenKind) =>
    byApp.get(appid)?.findLast((token) => token.kind === kind && token.retiredAtMs === undefined)
  const mint = (appid: string, kind: TokenKind, overlapMs: number, nowMs: number): AccessToken => {
    const previous = current(appid, kind)
    if (previous) previous.retiredAtMs = nowMs + overlapMs
    return remember({
      accessToken: `92_${random.urlSafe(133)}`,
      appid,
      kind,
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + TOKEN_TTL_MS,
    })
  }
  // One reading of the clock for a whole answer: a fresh token has exactly its 7200 s.
  const issued = (token: AccessToken, nowMs: number): IssuedToken => ({
    accessToken: token.accessToken,
    expiresInS: Math.floor((token.expiresAtMs - nowMs) / 1000),
  })
  const issueStable = (appid: string, nowMs = clock.nowMs()): IssuedToken => {
    const token = current(appid, 'stable')
    const isFresh = token !== undefined && token.expiresAtMs - nowMs > TOKEN_OVERLAP_MS
    return issued(isFresh ? token : mint(appid, 'stable', TOKEN_OVERLAP_MS, nowMs), nowMs)
  }

  return {
    issueStable: (appid) => issueStable(appid),
    forceStable(appid) {
      const nowMs = clock.nowMs()
      const day = beijingDayNumber(nowMs)
      const last = forced.get(appid)
      if (last && nowMs - last.atMs < FORCE_REFRESH_GAP_MS) {
        return { refused: 'too-soon', current: issueStable(appid, nowMs) }
      }
      const count = last?.day === day ? last.count : 0
      if (count >= FORCE_REFRESHES_A_DAY) return { refused: 'over-limit', current: issueStable(appid, nowMs) }
      forced.set(appid, { atMs: nowMs, day, count: count + 1 })
      return issued(mint(appid, 'stable', 0, nowMs), nowMs)
    },
    issueLegacy(appid) {
      const nowMs = clock.nowMs()
      return issued(mint(appid, 'legacy', TOKEN_OVERLAP_MS, nowMs), nowMs)
    },
    replace: (appid, kind, strict) => mint(appid, kind, strict ? 0 : TOKEN_OVERLAP_MS, clock.nowMs()),
    find: (accessToken) => byToken.get(accessToken),
    stateOf(token) {
      if (!token) return 'unknown'
      const nowMs = clock.nowMs()
      // At the hand-over the old token is accepted for the whole overlap, past its own end too.
      if (token.retiredAtMs !== undefined) return nowMs < token.retiredAtMs ? 'valid' : 'superseded'
      return nowMs < token.expiresAtMs ? 'valid' : 'expired'
    },
    clearForceQuota(appid) {
      const last = forced.get(appid)
      if (last) last.count = 0
    },
    list: () => [...byToken.values()],
    load(tokens) {
      for (const token of tokens) remember({ ...token })
    },
  }
}
