import type { Kysely } from 'kysely'
import type { SessionStore } from '../session-store.ts'
import type { Tables } from './schema.ts'

export function createSqlSessionStore(db: Kysely<Tables>): SessionStore {
  return {
    create: async (session) => {
      await db.insertInto('sessions').values(session).execute()
    },
    find: (id) => db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst(),
    rotate: (id, { fromGeneration, nowMs, expiresAtMs }) =>
      db
        .updateTable('sessions')
        .set({ generation: fromGeneration + 1, rotatedAtMs: nowMs, expiresAtMs })
        .where('id', '=', id)
        .where('generation', '=', fromGeneration)
        .where('endedAtMs', 'is', null)
        .returningAll()
        .executeTakeFirst(),
    end: async (id, { reason, nowMs }) => {
      await db
        .updateTable('sessions')
        .set({ endedAtMs: nowMs, endReason: reason })
        .where('id', '=', id)
        .where('endedAtMs', 'is', null)
        .execute()
    },
    move: async (fromMemberId, toMemberId) => {
      await db
        .updateTable('sessions')
        .set({ memberId: toMemberId })
        .where('memberId', '=', fromMemberId)
        .execute()
    },
    removeExpired: async ({ expiredBeforeMs, limit }) => {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('sessions')
            .select('id')
            .where('expiresAtMs', '<', expiredBeforeMs)
            .orderBy('expiresAtMs')
            .limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
