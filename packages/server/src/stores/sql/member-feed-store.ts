import type { Kysely } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import type { MemberFeedStore } from '../member-feed-store.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

const memberColumns = selectionOf('id', 'state', 'mergedInto', 'createdAtMs', 'changedAtMs')
const identityColumns = selectionOf(
  'provider',
  'scope',
  'subject',
  'memberId',
  'sealed',
  'country',
  'maskedSubject',
  'verifiedBy',
  'createdAtMs',
  'verifiedAtMs',
)

export function createSqlMemberFeedStore(db: Kysely<Tables>): MemberFeedStore {
  return {
    list: async (ids) => {
      if (ids.length === 0) return []
      const [members, identities] = await allOf([
        db
          .selectFrom('members')
          .select(memberColumns)
          .where('id', 'in', [...ids])
          .execute(),
        db
          .selectFrom('identities')
          .select(identityColumns)
          .where('member_id', 'in', [...ids])
          .orderBy('created_at_ms')
          .orderBy('subject')
          .execute(),
      ])
      return members.map((member) => ({
        member,
        identities: identities.filter(({ memberId }) => memberId === member.id),
      }))
    },
    versionOf: async (id) => {
      const found = await db.selectFrom('members').select('event_seq').where('id', '=', id).executeTakeFirst()
      return found?.event_seq
    },
    newest: async () => {
      const newest = await db
        .selectFrom('members')
        .select('id')
        .where('state', '=', 'active')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return newest?.id
    },
    changedAfter: async (position, limit) => {
      const rows = await db
        .selectFrom('members')
        .select(['id', 'changed_position'])
        .where('changed_position', '>', position)
        .orderBy('changed_position')
        .limit(limit)
        .execute()
      return rows.map(({ id, changed_position }) => ({ id, position: changed_position ?? 0 }))
    },
  }
}
