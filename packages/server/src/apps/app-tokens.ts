import type { WeChat, WxError } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database } from '../stores/database.ts'
import { type ForceRule, forceWaitMs, type TokenEvent } from '../stores/token-event-store.ts'
import type { TokenHistory } from './token-history.ts'

/** The access token of an app as operators see it; never the token itself. */
export interface TokenState {
  appid: string
  /** `warm`: lives · `stale`: lives and is being renewed · `failing`: there is none, and why is known · `none`. */
  state: 'warm' | 'stale' | 'failing' | 'none'
  fetchedAtMs: number | null
  expiresInS: number | null
  refreshesInS: number | null
  lastError: WxError | null
  /** When that was, as far as it was written down. */
  lastErrorAtMs: number | null
  /** Forced fetches of the last 24 hours. */
  forcedToday: number
  forceAllowedInS: number
  history: TokenEvent[]
}

export interface AppTokens {
  /** What this process knows of the token, and what was written down by all. */
  state(appid: string): Promise<TokenState>
  /**
   * Makes WeChat replace the token now, as after a leak: the old one is dead at once for whoever does not get its tokens
   * here. At most 20 times in 24 hours, 30 seconds apart, over all processes.
   *
   * @throws {HaomaError} `NOT_POSSIBLE_NOW` with the wait in `retryAfterS`, `TOKEN_UNAVAILABLE`.
   */
  force(appid: string, reason: string, actor: Actor): Promise<TokenState>
}

export interface AppTokensParts {
  db: Database
  wechat: WeChat
  history: TokenHistory
  clock: Clock
  newId: NewId
}

/**
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
const forceRule: ForceRule = { max: 20, windowMs: 86_400_000, minIntervalMs: 30_000 }
const HISTORY = 50

export function createAppTokens({ db, wechat, history, clock, newId }: AppTokensParts): AppTokens {
  const state = async (appid: string): Promise<TokenState> => {
    const [events, forced] = await Promise.all([
      history.list(appid, { limit: HISTORY }),
      history.list(appid, { limit: forceRule.max, kind: 'forced' }),
    ])
    const nowMs = clock.now()
    const times = forced.map(({ atMs }) => atMs)
    const health = wechat.health().apps.find((app) => app.appid === appid)
    const lastOf = (...kinds: TokenEvent['kind'][]) => events.find(({ kind }) => kinds.includes(kind))
    return {
      appid,
      state: nameOf(health),
      fetchedAtMs: lastOf('fetched')?.atMs ?? null,
      expiresInS: health?.expiresInS ?? null,
      refreshesInS: health?.refreshInS ?? null,
      lastError: health?.lastError ?? null,
      lastErrorAtMs: lastOf('failed')?.atMs ?? null,
      forcedToday: times.filter((atMs) => atMs > nowMs - forceRule.windowMs).length,
      forceAllowedInS: Math.ceil(forceWaitMs(times, forceRule, nowMs) / 1000),
      history: events,
    }
  }

  return {
    state,
    force: async (appid, reason, actor) => {
      const nowMs = clock.now()
      const nothing = { expiresInS: null, errcode: null, rid: null }
      const event = {
        id: newId(nowMs),
        appid,
        atMs: nowMs,
        kind: 'forced',
        actor: actor.actorId,
        ...nothing,
      } as const
      // The permit and the line of the audit come first: what was asked of WeChat is written down whatever it answers.
      const waitMs = await db.transaction(async ({ audit, tokenEvents }) => {
        const waitMs = await tokenEvents.takeForce(event, forceRule)
        if (waitMs === 0) {
          const done = { action: 'app.token-force', target: { kind: 'app', id: appid }, reason }
          await audit.add([auditEntry(actor, done, { newId, nowMs })])
        }
        return waitMs
      })
      if (waitMs > 0) {
        const retryAfterS = Math.ceil(waitMs / 1000)
        throw new HaomaError('NOT_POSSIBLE_NOW', { retryAfterS, text: tooOften(retryAfterS) })
      }
      try {
        await wechat.app(appid).forceRefresh()
      } catch (cause) {
        history.failed(appid, cause)
        throw new HaomaError('TOKEN_UNAVAILABLE', { cause })
      }
      return state(appid)
    },
  }
}

function nameOf(health: ReturnType<WeChat['health']>['apps'][number] | undefined): TokenState['state'] {
  if (health === undefined) return 'none'
  if (health.token === 'none') return health.lastError ? 'failing' : 'none'
  return health.token === 'fresh' ? 'warm' : 'stale'
}

const tooOften = (waitS: number) => ({
  zh: `强制刷新每天最多 20 次、间隔至少 30 秒（微信的限制）：请 ${waitS} 秒后再试。`,
  en: `A forced refresh may be made 20 times a day, 30 seconds apart (WeChat's limits). Try again in ${waitS} s.`,
})
