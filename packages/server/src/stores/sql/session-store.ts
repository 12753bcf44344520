import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import type { EndedSession, SessionEndReason, SessionStore } from '../session-store.ts'
import { insertRecords } from './insert-many.ts'
import { prepared } from './prepared.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

const sessionColumns = selectionOf(
  'id',
  'memberId',
  'appid',
  'way',
  'openid',
  'deviceId',
  'deviceName',
  'platform',
  'clientVersion',
  'salt',
  'generation',
  'successorUsedAtMs',
  'createdAtMs',
  'rotatedAtMs',
  'seenAtMs',
  'expiresAtMs',
  'absoluteExpiresAtMs',
  'endedAtMs',
  'endReason',
)
/** The sessions of the joined query, which have the names of a member's columns beside them. */
const joinedColumns = sessionColumns.map((column) => `sessions.${column}` as const)
const endedColumns = selectionOf('id', 'memberId', 'appid')

/** More sessions than this nobody has; both databases want a limit where there is an offset. */
const NO_LIMIT = 1_000_000

const findSession = prepared((db, { id }: { id: string }) =>
  db
    .selectFrom('sessions')
    .innerJoin('members', 'members.id', 'sessions.member_id')
    .select(joinedColumns)
    .select('members.state as memberState')
    .where('sessions.id', '=', id),
)

const rotateSession = prepared(
  (db, values: { id: string; fromGeneration: number; nowMs: number; expiresAtMs: number }) =>
    db
      .updateTable('sessions')
      .set({
        generation: sql<number>`${values.fromGeneration} + 1`,
        successor_used_at_ms: null,
        rotated_at_ms: values.nowMs,
        seen_at_ms: values.nowMs,
        expires_at_ms: values.expiresAtMs,
      })
      .where('id', '=', values.id)
      .where('generation', '=', values.fromGeneration)
      .where('ended_at_ms', 'is', null)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('members')
            .select('members.id')
            .whereRef('members.id', '=', 'sessions.member_id')
            .where('members.state', '=', 'active'),
        ),
      )
      .returning(sessionColumns),
)

const markSessionUsed = prepared((db, values: { id: string; generation: number; nowMs: number }) =>
  db
    .updateTable('sessions')
    .set({ successor_used_at_ms: values.nowMs, seen_at_ms: values.nowMs })
    .where('id', '=', values.id)
    .where('generation', '=', values.generation)
    .where('successor_used_at_ms', 'is', null),
)

/** Ends the session that a device had of an app. */
const endOfDevice = prepared(
  (db, values: { memberId: string; appid: string; deviceId: string; nowMs: number }) =>
    db
      .updateTable('sessions')
      .set({ ended_at_ms: values.nowMs, end_reason: 'replaced' })
      .where('ended_at_ms', 'is', null)
      .where('member_id', '=', values.memberId)
      .where('appid', '=', values.appid)
      .where('device_id', '=', values.deviceId)
      .returning(endedColumns),
)

/** Ends the oldest sessions that a member has of an app, all but `keep`. */
const endSurplus = prepared((db, values: { memberId: string; appid: string; keep: number; nowMs: number }) =>
  db
    .updateTable('sessions')
    .set({ ended_at_ms: values.nowMs, end_reason: 'too-many' })
    .where('ended_at_ms', 'is', null)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('member_id', '=', values.memberId)
        .where('appid', '=', values.appid)
        .where('ended_at_ms', 'is', null)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(NO_LIMIT)
        .offset(values.keep),
    )
    .returning(endedColumns),
)

type SessionTerms = ExpressionBuilder<Tables, 'sessions'>

export function createSqlSessionStore(db: Kysely<Tables>): SessionStore {
  const endThose = (
    { reason, nowMs }: { reason: SessionEndReason; nowMs: number },
    those: (eb: SessionTerms) => ReturnType<SessionTerms['and']>,
  ): Promise<EndedSession[]> =>
    db
      .updateTable('sessions')
      .set({ ended_at_ms: nowMs, end_reason: reason })
      .where('ended_at_ms', 'is', null)
      .where(those)
      .returning(endedColumns)
      .execute()

  return {
    create: (created) => insertRecords(db, 'sessions', [created]),
    find: async (id) => (await findSession(db, { id })).rows[0],
    listLiving: (memberId, nowMs) =>
      db
        .selectFrom('sessions')
        .select(sessionColumns)
        .where('member_id', '=', memberId)
        .where('ended_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    rotate: async (id, rotation) => (await rotateSession(db, { id, ...rotation })).rows[0],
    markUsed: async (id, used) => {
      await markSessionUsed(db, { id, ...used })
    },
    end: async (id, end) => {
      const [ended] = await endThose(end, (eb) => eb.and([eb('id', '=', id)]))
      return ended
    },
    endAll: (memberId, { except, ...end }) =>
      endThose(end, (eb) =>
        eb.and([eb('member_id', '=', memberId), ...(except === undefined ? [] : [eb('id', '<>', except)])]),
      ),
    makeRoom: async ({ memberId, appid, deviceId, keep }, nowMs) => {
      const [replaced, tooMany] = await allOf([
        deviceId === null ? { rows: [] } : endOfDevice(db, { memberId, appid, deviceId, nowMs }),
        endSurplus(db, { memberId, appid, keep, nowMs }),
      ])
      return [
        ...replaced.rows.map((ended) => ({ ...ended, endReason: 'replaced' as const })),
        ...tooMany.rows.map((ended) => ({ ...ended, endReason: 'too-many' as const })),
      ]
    },
    move: async ({ from, to, ids, nowMs }) => {
      const theirs = (eb: SessionTerms) =>
        eb.and([eb('member_id', '=', from), ...(ids === undefined ? [] : [eb('id', 'in', ids)])])
      if (ids?.length === 0) return []
      await db
        .updateTable('sessions')
        .set({ ended_at_ms: nowMs, end_reason: 'replaced' })
        .where('member_id', '=', to)
        .where('ended_at_ms', 'is', null)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('sessions as moved')
              .select('moved.id')
              .where('moved.member_id', '=', from)
              .where('moved.ended_at_ms', 'is', null)
              .whereRef('moved.appid', '=', 'sessions.appid')
              .whereRef('moved.device_id', '=', 'sessions.device_id'),
          ),
        )
        .execute()
      const moved = await db
        .updateTable('sessions')
        .set({ member_id: to })
        .where(theirs)
        .where('ended_at_ms', 'is', null)
        .returning('id')
        .execute()
      return moved.map(({ id }) => id)
    },
    removeExpired: async ({ expiredBeforeMs, limit }) => {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('sessions')
            .select('id')
            .where('expires_at_ms', '<', expiredBeforeMs)
            .orderBy('expires_at_ms')
            .limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
    listOf: (memberId) =>
      db
        .selectFrom('sessions')
        .select(sessionColumns)
        .where('member_id', '=', memberId)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    scrub: async (memberId) => {
      await db
        .updateTable('sessions')
        .set({ openid: null, device_id: null, device_name: null, platform: null, salt: '' })
        .where('member_id', '=', memberId)
        .execute()
    },
  }
}
