import { isEqualInConstantTime } from '../crypto/key-ring.ts'
import { addressGroup } from '../guards/client-address.ts'
import type { Limits } from '../guards/limits.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { AdminRole, AdminSession } from '../stores/admin-store.ts'
import type { ApiKey } from '../stores/api-key-store.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { ApiKeys } from './api-keys.ts'
import { roleOfScopes } from './roles.ts'
import type { AdminSessions } from './sessions.ts'

/** What a request shows of who sends it. */
export interface Shown {
  /** Value of the session's cookie. */
  cookie: string | undefined
  authorization: string | undefined
  /** The header that only a page of ours can send. */
  csrf: string | undefined
  /** Whether the request only reads. */
  isSafe: boolean
  ip: string | undefined
  requestId: string
}

/** Who calls: an administrator with a session, or an API key. */
export interface Caller {
  /** How lines of the audit about this request begin. */
  actor: Actor
  /** Name of the administrator, or of the key. */
  name: string
  /** `null` for a key that is good for the metrics alone. */
  role: AdminRole | null
  adminId: string | null
  session: AdminSession | null
}

/** The door of the administrators' side. */
export interface AdminAdmission {
  /**
   * Says who calls. A bearer key counts alone, whatever cookie stands beside it.
   *
   * @throws {HaomaError} `ADMIN_REQUIRED`, `CSRF_FAILED`, `RATE_LIMITED`
   */
  identify(shown: Shown): Promise<Caller>
  /** The living key of a secret. Guesses are counted by address. @throws {HaomaError} `RATE_LIMITED` */
  findApiKey(secret: string, ip: string | undefined): Promise<ApiKey | undefined>
}

export function createAdminAdmission({
  apiKeys,
  sessions,
  limits,
}: {
  apiKeys: Pick<ApiKeys, 'find'>
  sessions: Pick<AdminSessions, 'find'>
  limits: Limits
}): AdminAdmission {
  const findApiKey = async (secret: string, ip: string | undefined): Promise<ApiKey | undefined> => {
    const guesser = [['admin.key.rejected.ip', ip && addressGroup(ip)]] as const
    await limits.admit(guesser)
    const apiKey = await apiKeys.find(secret)
    if (!apiKey) await limits.reject(guesser)
    return apiKey
  }

  const byApiKey = async (secret: string, { ip, requestId }: Shown): Promise<Caller> => {
    const apiKey = await findApiKey(secret, ip)
    if (!apiKey) throw new HaomaError('ADMIN_REQUIRED')
    const { id, name, scopes } = apiKey
    const actor: Actor = { actorKind: 'api-key', actorId: id, ip: ip ?? null, requestId }
    return { actor, name, role: roleOfScopes(scopes), adminId: null, session: null }
  }

  const byCookie = async (cookie: string, { csrf, isSafe, ip, requestId }: Shown): Promise<Caller> => {
    const found = await sessions.find(cookie)
    if (!found) throw new HaomaError('ADMIN_REQUIRED')
    const { admin, session } = found
    if (!isSafe && !isEqualInConstantTime(csrf ?? '', session.csrf)) throw new HaomaError('CSRF_FAILED')
    const actor: Actor = { actorKind: 'admin', actorId: admin.id, ip: ip ?? null, requestId }
    return { actor, name: admin.username, role: admin.role, adminId: admin.id, session }
  }

  return {
    findApiKey,
    identify: async (shown) => {
      if (shown.authorization !== undefined) {
        const secret = /^Bearer +(\S+)$/i.exec(shown.authorization)?.[1]
        if (secret === undefined) throw new HaomaError('ADMIN_REQUIRED')
        return byApiKey(secret, shown)
      }
      if (shown.cookie === undefined) throw new HaomaError('ADMIN_REQUIRED')
      return byCookie(shown.cookie, shown)
    },
  }
}
