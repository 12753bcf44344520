import type { MemberState } from './member-store.ts'

export interface Session {
  id: string
  memberId: string
  appid: string
  way: 'wechat' | 'sms'
  /** The WeChat identity that opened the session; phone codes of this session are checked against it. */
  openid: string | null
  /** A device has one living session of a member and app. */
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

/**
 * A token before the current one came back: `recent-prev` the one just before, after its grace · `stale-lineage` an
 * older one · `orphaned-branch` one that this database never gave out, as after a restored backup.
 */
export type ReuseKind = 'recent-prev' | 'stale-lineage' | 'orphaned-branch'

export type SessionEndReason =
  | 'signed-out'
  | 'replaced'
  | 'too-many'
  | 'banned'
  | 'ended-by-operator'
  | 'erased'
  | 'restored'
  | `refresh-token-reused:${ReuseKind}`

/** A session beside the state of its member. */
export interface OwnedSession extends Session {
  memberState: MemberState
}

export interface SessionEnd {
  reason: SessionEndReason
  nowMs: number
}

/** A session that ended, for the event of it. */
export type EndedSession = Pick<Session, 'id' | 'memberId' | 'appid'>

export interface SessionStore {
  /** @throws {StoreConflictError} When the device has a living session of this member and app. */
  create(session: Session): Promise<void>
  find(id: string): Promise<OwnedSession | undefined>
  /** Sessions that live at `nowMs`, newest first. */
  listLiving(memberId: string, nowMs: number): Promise<Session[]>
  /**
   * Moves the session to its next generation. Atomic: of any number of calls with the same generation one
   * gets the session; the others, and calls on an ended session or a member who is not active, get `undefined`.
   */
  rotate(
    id: string,
    change: { fromGeneration: number; nowMs: number; expiresAtMs: number },
  ): Promise<Session | undefined>
  /** Writes down that the token of this generation was used; the first time counts. */
  markUsed(id: string, use: { generation: number; nowMs: number }): Promise<void>
  /** Ends the session and gives it. A session that has ended keeps its first reason. */
  end(id: string, end: SessionEnd): Promise<EndedSession | undefined>
  /** Ends every living session of a member, but one if it is named. */
  endAll(memberId: string, end: SessionEnd & { except?: string | undefined }): Promise<EndedSession[]>
  /** Ends the living session of this device, and those of the app that are older than the newest `keep`. Inside a transaction. */
  makeRoom(
    of: { memberId: string; appid: string; deviceId: string | null; keep: number },
    nowMs: number,
  ): Promise<(EndedSession & { endReason: SessionEndReason })[]>
  /**
   * Gives living sessions of one member to another and says which. Where both have one on the same device, the
   * other's ends.
   *
   * @param move - `ids`: only these; default is all.
   */
  move(move: { from: string; to: string; ids?: readonly string[]; nowMs: number }): Promise<string[]>
  /** Removes sessions that expired before, and says how many. */
  removeExpired(filter: { expiredBeforeMs: number; limit: number }): Promise<number>
  /** Every session of a member, newest first, ended ones too. */
  listOf(memberId: string): Promise<Session[]>
  /** Takes what tells of the person out of a member's sessions. */
  scrub(memberId: string): Promise<void>
}
