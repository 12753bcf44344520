import type { MemberView, SessionView } from '@haoma/protocol'
import type { Cache } from './cache.ts'
import { LoginError, toLoginError } from './login-error.ts'

/** What outlives the program: who is signed in on this device. */
export interface StoredLogin {
  member: MemberView | undefined
  accessToken: string
  /** Absent where a back end of your own gave a token that cannot be renewed. */
  refreshToken: string | undefined
  accessTokenExpiresAtMs: number
}

/** Renewed this long before it expires, so that a request on its way does not outlive its token. */
const renewAheadMs = 60_000

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** Keeps the session of one user and renews it. */
export function createSessionKeeper(
  cache: Cache,
  refresh: (refreshToken: string) => Promise<SessionView>,
  key: string,
) {
  const renewals = new Map<string, Promise<string>>()

  function read(): StoredLogin | undefined {
    const stored = cache.get(key) as Partial<StoredLogin> | undefined
    return typeof stored?.accessToken === 'string' ? (stored as StoredLogin) : undefined
  }

  const write = (member: MemberView | undefined, session: SessionView) =>
    cache.set(key, {
      member,
      accessToken: session.accessToken,
      refreshToken: session.refreshToken,
      accessTokenExpiresAtMs: Date.now() + (session.expiresInS || 0) * 1000,
    } satisfies StoredLogin)

  async function renew(refreshToken: string): Promise<string> {
    try {
      const renewed = await refresh(refreshToken)
      const current = read()
      // Somebody signed in, or out, while we waited: what we were told is about a session that is over.
      if (current?.refreshToken === refreshToken) write(current.member, renewed)
      else if (current) return current.accessToken
      else throw new LoginError('signed-out')
      return renewed.accessToken
    } catch (cause) {
      // A refresh token works once. When another tab was first, its session is ours as well.
      const current = read()
      if (current && current.refreshToken !== refreshToken) return current.accessToken
      const error = toLoginError(cause)
      if (error.action === 'login-again') cache.remove(key)
      throw error
    }
  }

  /** One renewal for any number of concurrent callers. */
  function renewed(refreshToken: string): Promise<string> {
    const running = renewals.get(refreshToken)
    if (running !== undefined) return running
    const renewal = renew(refreshToken).finally(() => renewals.delete(refreshToken))
    renewals.set(refreshToken, renewal)
    return renewal
  }

  return {
    read,
    /** Takes what the service answered; without a session in it, the one at hand goes on. */
    save({ member, session }: { member?: MemberView | undefined; session?: SessionView | undefined }) {
      const stored = read()
      if (session) write(member, session)
      else if (stored) cache.set(key, { ...stored, member })
    },
    /** Takes a token that cannot be renewed. It is good until somebody says that it is not. */
    saveToken: (member: MemberView | undefined, accessToken: string) =>
      cache.set(key, {
        member,
        accessToken,
        refreshToken: undefined,
        accessTokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
      } satisfies StoredLogin),
    clear: () => cache.remove(key),

    /**
     * A token that lives for at least another minute and is not `failedToken`, or `undefined` without a session.
     *
     * @throws {@link LoginError} when it cannot be renewed; with `login-again` the session is gone
     */
    async accessToken(failedToken?: string): Promise<string | undefined> {
      const stored = read()
      if (!stored?.accessToken) return undefined
      const isLive = stored.accessTokenExpiresAtMs - renewAheadMs > Date.now()
      if (isLive && stored.accessToken !== failedToken) return stored.accessToken
      if (stored.refreshToken) return renewed(stored.refreshToken)
      cache.remove(key)
      throw new LoginError('signed-out')
    },
  }
}
