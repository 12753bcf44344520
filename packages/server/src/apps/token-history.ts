import { createMemoryTokenStore, type TokenStore, WxApiError } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { TokenEvent, TokenEventStore } from '../stores/token-event-store.ts'

/** What happens to the access tokens of all apps, written down for people. No line holds a token. */
export interface TokenHistory {
  /** Writes down that the token in WeChat's hands is not the one in ours: somebody else fetched one. */
  replaced(appid: string): void
  /** Writes down that none could be fetched. */
  failed(appid: string, error: unknown): void
  /** A store for the SDK that writes down each token that is fetched. */
  tokenStore(): TokenStore
  /** The newest of an app first. */
  list(appid: string, of: { limit: number; kind?: TokenEvent['kind'] }): Promise<TokenEvent[]>
}

/** What fails for the same reason again and again is told once in this time. */
const SAME_FAILURE_MS = 3_600_000

export interface TokenHistoryParts {
  store: TokenEventStore
  clock: Clock
  newId: NewId
  logger: Logger
  /** Keeps the service open until a line is written. */
  track(work: Promise<void>): void
}

export function createTokenHistory({ store, clock, newId, logger, track }: TokenHistoryParts): TokenHistory {
  const add = (appid: string, kind: TokenEvent['kind'], facts: Partial<TokenEvent> = {}): void => {
    const atMs = clock.now()
    const nothing = { expiresInS: null, errcode: null, rid: null, actor: null }
    const written = store.add({ id: newId(atMs), appid, atMs, kind, ...nothing, ...facts })
    // The history is for people: a token that works is not held back because it cannot be written down.
    track(written.catch((err) => logger.debug({ err, appid }, 'a line of the token history is lost')))
  }
  const failures = new Map<string, { errcode: number | null; atMs: number }>()
  return {
    replaced: (appid) => add(appid, 'replaced'),
    failed: (appid, error) => {
      const cause = error instanceof Error && error.cause instanceof WxApiError ? error.cause : error
      const { errcode = null, rid = null } = cause instanceof WxApiError ? cause : {}
      const last = failures.get(appid)
      if (last?.errcode === errcode && clock.now() - last.atMs < SAME_FAILURE_MS) return
      failures.set(appid, { errcode, atMs: clock.now() })
      add(appid, 'failed', { errcode, rid })
    },
    tokenStore: () => {
      const memory = createMemoryTokenStore()
      return {
        ...memory,
        write: async (appid, token) => {
          const isWritten = await memory.write(appid, token)
          failures.delete(appid)
          if (isWritten) add(appid, 'fetched', { expiresInS: Math.round(token.expiresInMs / 1000) })
          return isWritten
        },
      }
    },
    list: store.list,
  }
}
