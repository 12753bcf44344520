import { type Kysely, sql } from 'kysely'
import type { ErasureStore } from '../erasure-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const erasureColumns = selectionOf('id', 'memberId', 'subjects', 'erasedAtMs')

export function createSqlErasureStore(db: Kysely<Tables>): ErasureStore {
  return {
    add: async (erasure) => {
      await db.insertInto('erasures').values(toRow(erasure)).execute()
    },
    find: (memberId) =>
      db
        .selectFrom('erasures')
        .select(erasureColumns)
        .where('member_id', '=', memberId)
        .orderBy('erased_at_ms', 'desc')
        .executeTakeFirst(),
    scrub: async (memberId, { openids, subjects }) => {
      const isTheirs =
        openids.length === 0
          ? sql`member_id = ${memberId}`
          : sql`(member_id = ${memberId} or openid in (${sql.join([...openids])}))`
      await sql`update codes set openid = null, unionid = null, device_id = null, masked_subject = null,
        answer_sealed = null where ${isTheirs}`.execute(db)
      await sql`update ledger set openid = null, masked_subject = null where ${isTheirs}`.execute(db)
      await sql`update logins set openid = null, masked_subject = null, phone_subject = null, device_id = null
        where ${isTheirs}`.execute(db)
      if (subjects.length > 0) {
        // Requests that ended before anybody was recognised.
        await sql`update logins set masked_subject = null, phone_subject = null, device_id = null
          where phone_subject in (${sql.join([...subjects])})`.execute(db)
        await sql`delete from sms_requests where subject in (${sql.join([...subjects])})`.execute(db)
      }
    },
  }
}
