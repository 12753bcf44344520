import type { MemberView, SessionView } from '@haoma/protocol'
import { toLoginError } from './login-error.ts'
import type { Platform } from './platform/platform.ts'
import type { Service } from './service.ts'

/** What outlives the program: who is signed in on this device. */
interface StoredLogin {
  member: MemberView
  accessToken: string
  refreshToken: string
  accessTokenExpiresAtMs: number
}

/** Renewed this long before it expires, so that a request on its way does not outlive its token. */
const renewAheadMs = 60_000

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** Keeps the session of one user in the storage and renews it. */
export function createSessionKeeper(platform: Platform, service: Service, key: string) {
  let renewing: Promise<string> | undefined

  // Always from the storage: in a browser another tab may have renewed the session in the meantime.
  const read = () => platform.storage.get(key) as StoredLogin | undefined
  const write = (member: MemberView, session: SessionView) =>
    platform.storage.set(key, {
      member,
      accessToken: session.accessToken,
      refreshToken: session.refreshToken,
      accessTokenExpiresAtMs: Date.now() + session.expiresInS * 1000,
    } satisfies StoredLogin)

  async function renew({ member, refreshToken }: StoredLogin): Promise<string> {
    try {
      const renewed = await service.refresh(refreshToken)
      write(member, renewed)
      return renewed.accessToken
    } catch (cause) {
      // A refresh token works once. When another tab was first, its session is ours as well.
      const current = read()
      if (current && current.refreshToken !== refreshToken) return current.accessToken
      const error = toLoginError(cause)
      if (error.action === 'login-again') platform.storage.remove(key)
      throw error
    }
  }

  return {
    read,
    /** Takes what the service answered; without a session in it, the one at hand goes on. */
    save({ member, session }: { member: MemberView; session?: SessionView | undefined }) {
      const stored = read()
      if (session) write(member, session)
      else if (stored) platform.storage.set(key, { ...stored, member })
    },
    clear: () => platform.storage.remove(key),

    /**
     * A token that lives for at least another minute, or `undefined` without a session. Concurrent callers share
     * one renewal.
     *
     * @throws {@link LoginError} when it cannot be renewed; with `login-again` the session is gone
     */
    async accessToken(): Promise<string | undefined> {
      const stored = read()
      if (!stored) return undefined
      if (stored.accessTokenExpiresAtMs - renewAheadMs > Date.now()) return stored.accessToken
      renewing ??= renew(stored).finally(() => {
        renewing = undefined
      })
      return renewing
    },
  }
}
