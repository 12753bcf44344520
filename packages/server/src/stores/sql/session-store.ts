import type { Kysely } from 'kysely'
import type { SessionStore } from '../session-store.ts'
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

export function createSqlSessionStore(db: Kysely<Tables>): SessionStore {
  return {
    create: async (created) => {
      await db.insertInto('sessions').values(toRow(created)).execute()
    },
    find: (id) => db.selectFrom('sessions').select(sessionColumns).where('id', '=', id).executeTakeFirst(),
    rotate: (id, { fromGeneration, nowMs, expiresAtMs }) =>
      db
        .updateTable('sessions')
        .set({ generation: fromGeneration + 1, rotated_at_ms: nowMs, expires_at_ms: expiresAtMs })
        .where('id', '=', id)
        .where('generation', '=', fromGeneration)
        .where('ended_at_ms', 'is', null)
        .returning(sessionColumns)
        .executeTakeFirst(),
    end: async (id, { reason, nowMs }) => {
      await db
        .updateTable('sessions')
        .set({ ended_at_ms: nowMs, end_reason: reason })
        .where('id', '=', id)
        .where('ended_at_ms', 'is', null)
        .execute()
    },
    move: async (fromMemberId, toMemberId) => {
      await db
        .updateTable('sessions')
        .set({ member_id: toMemberId })
        .where('member_id', '=', fromMemberId)
        .execute()
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
  }
}
