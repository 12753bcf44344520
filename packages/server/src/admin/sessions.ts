import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Admin, AdminSession } from '../stores/admin-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { AdminPolicy } from './policy.ts'
import { type AdminSecrets, randomSecret } from './secrets.ts'

const TOUCH_EVERY_MS = 30_000
const LONGEST_USER_AGENT = 256

/** Where somebody signs in from, for the list of sessions. */
export interface SignInOrigin {
  ip: string | null
  userAgent: string | null
}

/** A session that lives, and whose it is. */
export interface LivingAdminSession {
  session: AdminSession
  admin: Admin
}

/** Who is signed in to the console. Only digests of cookies are stored. */
export interface AdminSessions {
  /** Opens a session inside the caller's transaction; the secret is the cookie's value. */
  open(stores: Stores, admin: Admin, origin: SignInOrigin): Promise<{ session: AdminSession; secret: string }>
  /** The living session of a cookie, which its use keeps alive. */
  find(secret: string): Promise<LivingAdminSession | undefined>
  list(adminId: string): Promise<AdminSession[]>
  /** False when the administrator has no such living session. */
  end(id: string, adminId: string): Promise<boolean>
}

export interface AdminSessionsParts {
  db: Database
  secrets: AdminSecrets
  policy: Pick<AdminPolicy, 'sessionIdleS' | 'sessionLifeS'>
  clock: Clock
  newId: NewId
}

export function createAdminSessions({
  db,
  secrets,
  policy,
  clock,
  newId,
}: AdminSessionsParts): AdminSessions {
  const isAlive = ({ endedAtMs, expiresAtMs, seenAtMs }: AdminSession, nowMs: number): boolean =>
    endedAtMs === null && nowMs < expiresAtMs && nowMs - seenAtMs < policy.sessionIdleS * 1000

  return {
    open: async (stores, admin, { ip, userAgent }) => {
      const nowMs = clock.now()
      const secret = randomSecret()
      const session: AdminSession = {
        digest: secrets.digest('session', secret),
        id: newId(nowMs),
        adminId: admin.id,
        csrf: randomSecret(),
        ip,
        userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
        createdAtMs: nowMs,
        seenAtMs: nowMs,
        expiresAtMs: nowMs + policy.sessionLifeS * 1000,
        endedAtMs: null,
      }
      await stores.admins.addSession(session)
      await stores.admins.touch(admin.id, nowMs)
      return { session, secret }
    },

    find: async (secret) => {
      const nowMs = clock.now()
      const found = await db.admins.findSession(secrets.digests('session', secret))
      if (!found || found.admin.disabledAtMs !== null || !isAlive(found.session, nowMs)) return undefined
      if (nowMs - found.session.seenAtMs > TOUCH_EVERY_MS) {
        await db.admins.touchSession(found.session.digest, nowMs)
        await db.admins.touch(found.admin.id, nowMs)
      }
      return found
    },

    list: async (adminId) => {
      const nowMs = clock.now()
      return (await db.admins.listSessions(adminId, nowMs)).filter((session) => isAlive(session, nowMs))
    },

    end: (id, adminId) => db.admins.endSession(id, adminId, clock.now()),
  }
}
