export interface Session {
  id: string
  memberId: string
  appid: string
  way: 'wechat' | 'sms'
  /** The WeChat identity that opened the session; phone codes of this session are checked against it. */
  openid: string | null
  deviceId: string | null
  deviceName: string | null
  platform: string | null
  clientVersion: string | null
  /** Secret part of every refresh token of this session; worthless without the service's key. */
  salt: string
  /** How many times the refresh token was rotated. Only the token of the current generation is valid. */
  generation: number
  /** When the current refresh token, or an access token given with it, was first used. */
  successorUsedAtMs: number | null
  createdAtMs: number
  rotatedAtMs: number
  seenAtMs: number
  expiresAtMs: number
  /** It ends then, however often it is refreshed. */
  absoluteExpiresAtMs: number
  endedAtMs: number | null
  endReason: SessionEndReason | null
}

export type SessionEndReason = 'signed-out' | 'refresh-token-reused'

export interface SessionStore {
  create(session: Session): Promise<void>
  find(id: string): Promise<Session | undefined>
  /**
   * Moves the session to its next generation. Atomic: of any number of calls with the same generation one
   * gets the session; the others, and calls on an ended session, get `undefined`.
   */
  rotate(
    id: string,
    change: { fromGeneration: number; nowMs: number; expiresAtMs: number },
  ): Promise<Session | undefined>
  /** Ends the session. A session that has ended keeps its first reason. */
  end(id: string, end: { reason: SessionEndReason; nowMs: number }): Promise<void>
  /** Gives every session of one member to another. */
  move(fromMemberId: string, toMemberId: string): Promise<void>
  /** Removes sessions that expired before, and says how many. */
  removeExpired(filter: { expiredBeforeMs: number; limit: number }): Promise<number>
}
