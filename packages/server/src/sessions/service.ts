import { randomBytes } from 'node:crypto'
import type { SessionView } from '@haoma/protocol'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { Session } from '../stores/session-store.ts'
import type { AccessTokenClaims, AccessTokens } from './access-token.ts'
import type { RefreshTokens } from './refresh-token.ts'

export interface SessionPolicy {
  /** Life of an access token. */
  accessTtlS: number
  /** A session ends when it was not refreshed for so long. */
  idleTtlS: number
  /** For so long after a rotation the refresh token before it still gives the current one. */
  rotationGraceS: number
}

export interface SessionService {
  /** Writes a session down, inside the transaction that made it possible. */
  open(stores: Stores, owner: { memberId: string; appid: string; openid: string }): Promise<Session>
  /** The tokens of a session as it stands. Does not rotate. */
  issue(session: Session): Promise<SessionView>
  /**
   * Rotates. The token just before the current one gives the current one again for a short grace: its
   * answer was lost, or two requests crossed. Any older one is a copy in other hands and ends the session.
   *
   * @throws {HaomaError} `SESSION_EXPIRED`, `REFRESH_TOKEN_REUSED`.
   */
  refresh(refreshToken: string): Promise<SessionView>
  /**
   * @param authorization - The header, `Bearer <access token>`.
   * @throws {HaomaError} `SESSION_REQUIRED`, or `SESSION_EXPIRED`, at once after the session was ended.
   */
  authenticate(authorization: string | undefined): Promise<{ session: Session; claims: AccessTokenClaims }>
  end(sessionId: string): Promise<void>
  /** The session, unless it ended or expired. */
  findLiving(sessionId: string): Promise<Session | undefined>
}

export interface SessionServiceParts {
  db: Database
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  policy: SessionPolicy
  clock: Clock
  newId: NewId
}

/** Nobody stays signed in for longer than this without showing who they are again. */
const ABSOLUTE_LIFE_MS = 365 * 86_400_000

export function createSessionService(parts: SessionServiceParts): SessionService {
  const { db, accessTokens, refreshTokens, policy, clock } = parts
  const expiresAtMs = (nowMs: number) => nowMs + policy.idleTtlS * 1000
  const isAlive = (session: Session, nowMs: number) =>
    session.endedAtMs === null && session.expiresAtMs > nowMs

  const issue = async (session: Session): Promise<SessionView> => ({
    accessToken: await accessTokens.sign(
      { memberId: session.memberId, sessionId: session.id, appid: session.appid },
      clock.now(),
    ),
    expiresInS: policy.accessTtlS,
    refreshToken: refreshTokens.make(session),
    refreshExpiresInS: Math.max(0, Math.floor((session.expiresAtMs - clock.now()) / 1000)),
  })

  return {
    open: async (stores, { memberId, appid, openid }) => {
      const nowMs = clock.now()
      const session: Session = {
        id: parts.newId(nowMs),
        memberId,
        appid,
        way: 'wechat',
        openid,
        deviceId: null,
        deviceName: null,
        platform: null,
        clientVersion: null,
        salt: randomBytes(32).toString('base64url'),
        generation: 1,
        successorUsedAtMs: null,
        createdAtMs: nowMs,
        rotatedAtMs: nowMs,
        seenAtMs: nowMs,
        expiresAtMs: expiresAtMs(nowMs),
        absoluteExpiresAtMs: nowMs + ABSOLUTE_LIFE_MS,
        endedAtMs: null,
        endReason: null,
      }
      await stores.sessions.create(session)
      return session
    },

    issue,

    refresh: async (refreshToken) => {
      const token = refreshTokens.parse(refreshToken)
      const found = token && (await db.sessions.find(token.sessionId))
      const nowMs = clock.now()
      if (!token || !found || !isAlive(found, nowMs) || !refreshTokens.isGenuine(token, found.salt)) {
        throw new HaomaError(
          found?.endReason === 'refresh-token-reused' ? 'REFRESH_TOKEN_REUSED' : 'SESSION_EXPIRED',
        )
      }
      const rotated = await db.sessions.rotate(found.id, {
        fromGeneration: token.generation,
        nowMs,
        expiresAtMs: expiresAtMs(nowMs),
      })
      if (rotated) return issue(rotated)

      const current = await db.sessions.find(found.id)
      if (!current || !isAlive(current, nowMs)) throw new HaomaError('SESSION_EXPIRED')
      const isPredecessor = token.generation === current.generation - 1
      if (isPredecessor && nowMs <= current.rotatedAtMs + policy.rotationGraceS * 1000) return issue(current)
      await db.sessions.end(current.id, { reason: 'refresh-token-reused', nowMs })
      throw new HaomaError('REFRESH_TOKEN_REUSED')
    },

    authenticate: async (authorization) => {
      const [, accessToken] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
      if (!accessToken) throw new HaomaError('SESSION_REQUIRED')
      const nowMs = clock.now()
      const claims = await accessTokens.verify(accessToken, nowMs)
      const session = await db.sessions.find(claims.sessionId)
      if (!session || !isAlive(session, nowMs)) throw new HaomaError('SESSION_EXPIRED')
      return { session, claims }
    },

    findLiving: async (sessionId) => {
      const session = await db.sessions.find(sessionId)
      return session && isAlive(session, clock.now()) ? session : undefined
    },

    end: (sessionId) => db.sessions.end(sessionId, { reason: 'signed-out', nowMs: clock.now() }),
  }
}
