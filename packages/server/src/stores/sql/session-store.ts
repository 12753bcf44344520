import type { ExpressionBuilder, Kysely } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import type { EndedSession, SessionEndReason, SessionStore } from '../session-store.ts'
import { selectionOf, toRow } from './rows.ts'
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
    create: async (created) => {
      await db.insertInto('sessions').values(toRow(created)).execute()
    },
    find: (id) =>
      db
        .selectFrom('sessions')
        .innerJoin('members', 'members.id', 'sessions.member_id')
        .select(joinedColumns)
        .select('members.state as memberState')
        .where('sessions.id', '=', id)
        .executeTakeFirst(),
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
    rotate: (id, { fromGeneration, nowMs, expiresAtMs }) =>
      db
        .updateTable('sessions')
        .set({
          generation: fromGeneration + 1,
          successor_used_at_ms: null,
          rotated_at_ms: nowMs,
          seen_at_ms: nowMs,
          expires_at_ms: expiresAtMs,
        })
        .where('id', '=', id)
        .where('generation', '=', fromGeneration)
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
        .returning(sessionColumns)
        .executeTakeFirst(),
    markUsed: async (id, { generation, nowMs }) => {
      await db
        .updateTable('sessions')
        .set({ successor_used_at_ms: nowMs, seen_at_ms: nowMs })
        .where('id', '=', id)
        .where('generation', '=', generation)
        .where('successor_used_at_ms', 'is', null)
        .execute()
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
        deviceId === null
          ? []
          : endThose({ reason: 'replaced', nowMs }, (eb) =>
              eb.and({ member_id: memberId, appid, device_id: deviceId }),
            ),
        endThose({ reason: 'too-many', nowMs }, (eb) =>
          eb.and([
            eb(
              'id',
              'in',
              eb
                .selectFrom('sessions')
                .select('id')
                .where('member_id', '=', memberId)
                .where('appid', '=', appid)
                .where('ended_at_ms', 'is', null)
                .orderBy('created_at_ms', 'desc')
                .orderBy('id', 'desc')
                .limit(NO_LIMIT)
                .offset(keep),
            ),
          ]),
        ),
      ])
      return [
        ...replaced.map((ended) => ({ ...ended, endReason: 'replaced' as const })),
        ...tooMany.map((ended) => ({ ...ended, endReason: 'too-many' as const })),
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
