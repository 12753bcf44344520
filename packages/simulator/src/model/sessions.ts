import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/**
 * How long an unused session key lives. WeChat does not say ("the longer unused, the sooner it dies");
 * 3 days is this simulator's own number.
 */
const SESSION_IDLE_MS = 3 * 86_400_000

export interface Session {
  openid: string
  appid: string
  user: string
  /** Base64 of 16 bytes. */
  sessionKey: string
  expiresAtMs: number
}

export interface Sessions {
  /** A new key for the user; the old one dies. */
  replace(owner: Pick<Session, 'openid' | 'appid' | 'user'>): Session
  /** The live session of an openid. */
  find(openid: string): Session | undefined
  /** A use keeps the session alive for longer. */
  touch(session: Session): void
  /** A new key with the old expiry, as resetusersessionkey gives it. */
  resetKey(session: Session): void
  /** Makes the session end now, as WeChat may at any time; `false` when there was none. */
  expire(openid: string): boolean
  list(): Session[]
  load(sessions: readonly Session[]): void
}

export function createSessions({ clock, random }: { clock: Clock; random: Random }): Sessions {
  const sessions = new Map<string, Session>()
  return {
    replace(owner) {
      const session = {
        openid: owner.openid,
        appid: owner.appid,
        user: owner.user,
        sessionKey: random.base64(16),
        expiresAtMs: clock.nowMs() + SESSION_IDLE_MS,
      }
      sessions.set(owner.openid, session)
      return session
    },
    find(openid) {
      const session = sessions.get(openid)
      return session && clock.nowMs() < session.expiresAtMs ? session : undefined
    },
    touch(session) {
      session.expiresAtMs = clock.nowMs() + SESSION_IDLE_MS
    },
    resetKey(session) {
      session.sessionKey = random.base64(16)
    },
    expire(openid) {
      const session = sessions.get(openid)
      return sessions.delete(openid) && session !== undefined && clock.nowMs() < session.expiresAtMs
    },
    list: () => [...sessions.values()],
    load(loaded) {
      for (const session of loaded) sessions.set(session.openid, { ...session })
    },
  }
}
