import { decodeJwt } from 'jose'
import type { Clock } from '../../kernel/clock.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { NewId } from '../../kernel/ids.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { SessionService } from '../../sessions/service.ts'
import type { Database } from '../../stores/database.ts'
import type { KnownClient } from '../../tokens/client-directory.ts'

/** @see https://www.rfc-editor.org/rfc/rfc7662 */
export type Introspection =
  | { active: false }
  | {
      active: true
      sub: string
      sid: string
      aud: string
      iss: string
      exp: number
      iat: number
      client_id: string
      phone_number?: string | null
      phone_number_verified: boolean
      phone_number_verified_at: string | null
    }

export interface IntrospectParts {
  db: Database
  sessions: SessionService
  vault: PhoneVault
  issuer: string
  clock: Clock
  newId: NewId
}

/** A client that checks a session at each request would fill the audit with one sight of one number. */
const AUDIT_EVERY_MS = 3_600_000
const KEPT_SIGHTS = 10_000

export type Introspect = (
  token: string,
  by: { client: KnownClient; ip: string | undefined; requestId: string | undefined },
) => Promise<Introspection>

/** Tells a back end whose session a token is; for one that is unknown, ended or of another's app it says only that. */
export function createIntrospect({ db, sessions, vault, issuer, clock, newId }: IntrospectParts): Introspect {
  const sights = new Map<string, number>()

  const audit = async (memberId: string, by: Parameters<Introspect>[1]): Promise<void> => {
    const atMs = clock.now()
    const sight = `${by.client.id} ${memberId}`
    if (atMs - (sights.get(sight) ?? Number.NEGATIVE_INFINITY) < AUDIT_EVERY_MS) return
    await db.audit.add([
      {
        id: newId(atMs),
        atMs,
        actorKind: 'client',
        actorId: by.client.id,
        action: 'number.read',
        targetKind: 'member',
        targetId: memberId,
        reason: 'introspection',
        details: null,
        ip: by.ip ?? null,
        requestId: by.requestId ?? null,
      },
    ])
    sights.set(sight, atMs)
    const [oldest] = sights.keys()
    if (oldest !== undefined && sights.size > KEPT_SIGHTS) sights.delete(oldest)
  }

  const authenticate = async (token: string) => {
    try {
      return await sessions.authenticate(`Bearer ${token}`)
    } catch (thrown) {
      if (thrown instanceof HaomaError && thrown.code.startsWith('SESSION_')) return undefined
      throw thrown
    }
  }

  return async (token, by) => {
    const found = await authenticate(token)
    if (found === undefined || !by.client.mayActFor(found.session.appid)) return { active: false }
    const { session } = found
    // Verified a moment ago.
    const { exp = 0, iat = 0 } = decodeJwt(token)
    const phone = await db.members.findPhone(session.memberId)
    const isFull = by.client.has('phone:read')
    const phoneNumber = phone && isFull ? vault.read(phone) : null
    if (phoneNumber !== null) await audit(session.memberId, by)
    return {
      active: true,
      sub: session.memberId,
      sid: session.id,
      aud: session.appid,
      iss: issuer,
      exp,
      iat,
      client_id: session.appid,
      ...(isFull && { phone_number: phoneNumber }),
      phone_number_verified: phone !== undefined,
      phone_number_verified_at: phone ? new Date(phone.verifiedAtMs).toISOString() : null,
    }
  }
}
