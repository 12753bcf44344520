import type { Kysely } from 'kysely'
import type { MergeStore } from '../merge-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const mergeColumns = selectionOf(
  'id',
  'fromMember',
  'intoMember',
  'reason',
  'actor',
  'moved',
  'mergedAtMs',
  'undoUntilMs',
  'undoneAtMs',
)
const ticketColumns = selectionOf(
  'digest',
  'memberId',
  'otherMemberId',
  'sessionId',
  'deviceId',
  'appid',
  'openid',
  'codeKey',
  'subject',
  'sealed',
  'verifiedBy',
  'verifiedAtMs',
  'createdAtMs',
  'expiresAtMs',
  'usedAtMs',
)

export function createSqlMergeStore(db: Kysely<Tables>): MergeStore {
  return {
    add: async (merge) => {
      await db.insertInto('merges').values(toRow(merge)).execute()
    },
    find: (id) => db.selectFrom('merges').select(mergeColumns).where('id', '=', id).executeTakeFirst(),
    listOf: (memberId) =>
      db
        .selectFrom('merges')
        .select(mergeColumns)
        .where((eb) => eb.or([eb('from_member', '=', memberId), eb('into_member', '=', memberId)]))
        .orderBy('merged_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    markUndone: async (id, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('merges')
        .set({ undone_at_ms: nowMs })
        .where('id', '=', id)
        .where('undone_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    addTicket: async (ticket) => {
      await db
        .insertInto('merge_tickets')
        .values(toRow(ticket))
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute()
    },
    findTicket: (digest) =>
      db.selectFrom('merge_tickets').select(ticketColumns).where('digest', '=', digest).executeTakeFirst(),
    findOpenTicket: ({ sessionId, subjects, nowMs }) =>
      db
        .selectFrom('merge_tickets')
        .select(ticketColumns)
        .where('session_id', '=', sessionId)
        .where('subject', 'in', subjects)
        .where('expires_at_ms', '>', nowMs)
        .where('used_at_ms', 'is', null)
        .orderBy('created_at_ms', 'desc')
        .limit(1)
        .executeTakeFirst(),
    proveTicket: async (digest, { verifiedBy, verifiedAtMs }) => {
      await db
        .updateTable('merge_tickets')
        .set({ verified_by: verifiedBy, verified_at_ms: verifiedAtMs })
        .where('digest', '=', digest)
        .execute()
    },
    useTicket: async (digest, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('merge_tickets')
        .set({ used_at_ms: nowMs })
        .where('digest', '=', digest)
        .where('used_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    removeTicketsOf: async (memberId) => {
      await db
        .deleteFrom('merge_tickets')
        .where((eb) => eb.or([eb('member_id', '=', memberId), eb('other_member_id', '=', memberId)]))
        .execute()
    },
  }
}
