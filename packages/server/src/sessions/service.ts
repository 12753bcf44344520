import { randomBytes } from 'node:crypto'
import type { ClientFacts, SessionView } from '@haoma/protocol'
import type { PolicyOf } from '../apps/app-policy.ts'
import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { recordEvents, sessionEnded } from '../members/events.ts'
import type { Database, Stores } from '../stores/database.ts'
import type {
  EndedSession,
  OwnedSession,
  ReuseKind,
  Session,
  SessionEndReason,
} from '../stores/session-store.ts'
import type { AccessTokens, VerifiedAccessToken } from './access-token.ts'
import type { ParsedRefreshToken, RefreshTokens } from './refresh-token.ts'
import { judgeRefresh } from './rotation.ts'

/** Whose session it is, and where it is held. */
export interface SessionOwner {
  memberId: string
  appid: string
  way: Session['way']
  /** The WeChat identity it was opened with; `null` for a session by SMS. */
  openid: string | null
  /** What the client tells of itself. Default is nothing. */
  client?: ClientFacts | undefined
  /** The member was made in this very transaction, so it has no sessions yet. Default is false. */
  isNewMember?: boolean
}

/** A session that was shown by an access token of it. */
export interface Authenticated {
  session: OwnedSession
  claims: VerifiedAccessToken
}

export interface SessionService {
  /**
   * Writes a session down, inside the transaction that made it possible. A device has one at a time, and a member no more
   * than the app's policy lets: the ones before end.
   *
   * @returns The session, and when it is written: not yet, so that more can be sent together with it.
   */
  open(stores: Stores, owner: SessionOwner): { session: Session; written: Promise<unknown> }
  /** The tokens of a session as it stands. Does not rotate. */
  issue(session: Session): Promise<SessionView>
  /**
   * Rotates. The token just before the current one gives the current one again for as long as nobody used that: its answer
   * was lost, or two requests crossed. Any other one is a copy in other hands and ends the session.
   *
   * @throws {HaomaError} `SESSION_EXPIRED`, `REFRESH_TOKEN_REUSED`.
   */
  refresh(refreshToken: string): Promise<SessionView>
  /**
   * @param authorization - The header, `Bearer <access token>`.
   * @throws {HaomaError} `SESSION_REQUIRED`, or `SESSION_EXPIRED`, at once after the session was ended.
   */
  authenticate(authorization: string | undefined): Promise<Authenticated>
  /** The same, of the token alone. @throws {HaomaError} `SESSION_EXPIRED`. */
  verify(accessToken: string): Promise<Authenticated>
  /** Living sessions of a member, newest first. */
  list(memberId: string): Promise<Session[]>
  /** Ends a session of this member; of another member nothing ends. */
  end(sessionId: string, memberId: string): Promise<void>
  /** Ends every session of a member but one. */
  endOthers(memberId: string, keep: string): Promise<void>
  /** The session, unless it ended or expired, or its member may not come in. */
  findLiving(sessionId: string): Promise<Session | undefined>
}

export interface SessionServiceParts {
  db: Database
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  policyOf: PolicyOf
  logger: Logger
  clock: Clock
  newId: NewId
  /** Between 0 and 1, for the jitter of lifetimes. Default is `Math.random`. */
  random?: () => number
}

/** Access tokens live up to a twentieth shorter, so that those of one morning are not renewed in one minute. */
const JITTER = 0.05

export function createSessionService(parts: SessionServiceParts): SessionService {
  const { db, accessTokens, refreshTokens, policyOf, clock, newId, random = Math.random } = parts
  const isAlive = (session: OwnedSession, nowMs: number) =>
    session.endedAtMs === null && session.expiresAtMs > nowMs && session.memberState === 'active'
  const idleUntil = (appid: string, nowMs: number) => nowMs + policyOf(appid).session.idleTtlS * 1000

  const issue = async (session: Session): Promise<SessionView> => {
    const nowMs = clock.now()
    const leftS = Math.max(0, Math.floor((session.expiresAtMs - nowMs) / 1000))
    const ttlS = policyOf(session.appid).session.accessTtlS
    const expiresInS = Math.min(leftS, Math.ceil(ttlS * (1 - JITTER * random())))
    const { memberId, id: sessionId, appid, generation } = session
    return {
      accessToken: await accessTokens.sign(
        { memberId, sessionId, appid, generation },
        { nowMs, ttlS: expiresInS },
      ),
      expiresInS,
      refreshToken: refreshTokens.make(session),
      refreshExpiresInS: leftS,
    }
  }

  const recordEnds = (
    stores: Stores,
    ended: readonly (EndedSession & { endReason: SessionEndReason })[],
  ): Promise<void> =>
    recordEvents(
      stores,
      ended.map((session) => sessionEnded(session, session.endReason)),
      { newId, nowMs: clock.now() },
    )

  const endReused = async (session: OwnedSession, kind: ReuseKind): Promise<never> => {
    const { id: sessionId, memberId, appid, generation } = session
    parts.logger.warn(
      { sessionId, memberId, appid, kind, generation },
      'a refresh token was used twice; its session was ended',
    )
    const endReason = `refresh-token-reused:${kind}` as const
    await db.transaction(async (stores) => {
      const ended = await stores.sessions.end(sessionId, { reason: endReason, nowMs: clock.now() })
      if (ended) await recordEnds(stores, [{ ...ended, endReason }])
    })
    throw new HaomaError('REFRESH_TOKEN_REUSED')
  }

  /** A living session, and proof that the token is of it. */
  const open = (token: ParsedRefreshToken | undefined, found: OwnedSession | undefined): OwnedSession => {
    if (token && found && refreshTokens.isGenuine(token, found.salt)) {
      if (isAlive(found, clock.now())) return found
      if (found.endReason?.startsWith('refresh-token-reused')) throw new HaomaError('REFRESH_TOKEN_REUSED')
    }
    throw new HaomaError('SESSION_EXPIRED')
  }

  /** @param triesLeft - Another request may rotate between our look and our turn. */
  const refresh = async (token: ParsedRefreshToken | undefined, triesLeft: number): Promise<SessionView> => {
    const session = open(token, token && (await db.sessions.find(token.sessionId)))
    const nowMs = clock.now()
    const { generation } = token as ParsedRefreshToken
    const graceS = policyOf(session.appid).session.rotationGraceS
    const judged = judgeRefresh(generation, session, { nowMs, graceS })
    if (judged.verdict === 'repeat') return issue(session)
    if (judged.verdict === 'reused') return endReused(session, judged.kind)
    const rotated = await db.sessions.rotate(session.id, {
      fromGeneration: generation,
      nowMs,
      expiresAtMs: Math.min(idleUntil(session.appid, nowMs), session.absoluteExpiresAtMs),
    })
    if (rotated) return issue(rotated)
    if (triesLeft === 0) throw new HaomaError('SESSION_EXPIRED')
    return refresh(token, triesLeft - 1)
  }

  const verify = async (accessToken: string): Promise<Authenticated> => {
    const nowMs = clock.now()
    const claims = await accessTokens.verify(accessToken, nowMs)
    const session = await db.sessions.find(claims.sessionId)
    if (!session || !isAlive(session, nowMs)) throw new HaomaError('SESSION_EXPIRED')
    // From now on the refresh token before this generation is of no more use to anybody.
    if (
      claims.generation === session.generation &&
      session.successorUsedAtMs === null &&
      session.generation > 1
    ) {
      await db.sessions.markUsed(session.id, { generation: session.generation, nowMs })
    }
    return { session, claims }
  }

  return {
    open: (stores, { memberId, appid, way, openid, client = {}, isNewMember = false }) => {
      const nowMs = clock.now()
      const { absoluteTtlS, maxSessions } = policyOf(appid).session
      const absoluteExpiresAtMs = nowMs + absoluteTtlS * 1000
      const deviceId = client.deviceId ?? null
      const session: Session = {
        id: newId(nowMs),
        memberId,
        appid,
        way,
        openid,
        deviceId,
        deviceName: client.deviceName ?? null,
        platform: client.platform ?? null,
        clientVersion: client.clientVersion ?? null,
        salt: randomBytes(32).toString('base64url'),
        generation: 1,
        successorUsedAtMs: null,
        createdAtMs: nowMs,
        rotatedAtMs: nowMs,
        seenAtMs: nowMs,
        expiresAtMs: Math.min(idleUntil(appid, nowMs), absoluteExpiresAtMs),
        absoluteExpiresAtMs,
        endedAtMs: null,
        endReason: null,
      }
      const makeRoom = async () => {
        const keep = Math.max(0, maxSessions - 1)
        await recordEnds(stores, await stores.sessions.makeRoom({ memberId, appid, deviceId, keep }, nowMs))
      }
      // Room is made before there is one more.
      const written = allOf([isNewMember || makeRoom(), stores.sessions.create(session)])
      return { session, written }
    },

    issue,
    refresh: (refreshToken) => refresh(refreshTokens.parse(refreshToken), 2),

    authenticate: async (authorization) => {
      const [, accessToken] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
      if (!accessToken) throw new HaomaError('SESSION_REQUIRED')
      return verify(accessToken)
    },
    verify,

    findLiving: async (sessionId) => {
      const session = await db.sessions.find(sessionId)
      return session && isAlive(session, clock.now()) ? session : undefined
    },

    list: (memberId) => db.sessions.listLiving(memberId, clock.now()),

    end: (sessionId, memberId) =>
      db.transaction(async (stores) => {
        const session = await stores.sessions.find(sessionId)
        if (session?.memberId !== memberId) return
        const endReason = 'signed-out' as const
        const ended = await stores.sessions.end(sessionId, { reason: endReason, nowMs: clock.now() })
        if (ended) await recordEnds(stores, [{ ...ended, endReason }])
      }),

    endOthers: (memberId, keep) =>
      db.transaction(async (stores) => {
        const endReason = 'signed-out' as const
        const end = { reason: endReason, nowMs: clock.now(), except: keep }
        const ended = await stores.sessions.endAll(memberId, end)
        await recordEnds(
          stores,
          ended.map((session) => ({ ...session, endReason })),
        )
      }),
  }
}
