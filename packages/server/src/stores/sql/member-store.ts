import type { Kysely } from 'kysely'
import type { IdentityName, MemberStore } from '../member-store.ts'
import { selectionOf, toRow } from './rows.ts'
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

export function createSqlMemberStore(db: Kysely<Tables>): MemberStore {
  const named = ({ provider, scope, subject }: IdentityName) => ({ provider, scope, subject })

  return {
    create: async (created) => {
      await db
        .insertInto('members')
        .values(
          toRow({ ...created, state: 'active' as const, mergedInto: null, changedAtMs: created.createdAtMs }),
        )
        .execute()
    },
    find: (id) => db.selectFrom('members').select(memberColumns).where('id', '=', id).executeTakeFirst(),
    findIdentity: (name) =>
      db
        .selectFrom('identities')
        .select(identityColumns)
        .where((eb) => eb.and(named(name)))
        .executeTakeFirst(),
    findPhone: (memberId) =>
      db
        .selectFrom('identities')
        .select(identityColumns)
        .where('member_id', '=', memberId)
        .where('provider', '=', 'phone')
        .executeTakeFirst(),
    addIdentity: async (added) => {
      await db.insertInto('identities').values(toRow(added)).execute()
    },
    removeIdentity: async (name, memberId) => {
      await db
        .deleteFrom('identities')
        .where((eb) => eb.and({ ...named(name), member_id: memberId }))
        .execute()
    },
    touchIdentity: async (name, verifiedAtMs) => {
      await db
        .updateTable('identities')
        .set({ verified_at_ms: verifiedAtMs })
        .where((eb) => eb.and(named(name)))
        .execute()
    },
    merge: async (from, { memberId, nowMs }) => {
      await db.updateTable('identities').set({ member_id: memberId }).where('member_id', '=', from).execute()
      await db
        .updateTable('members')
        .set({ state: 'merged', merged_into: memberId, changed_at_ms: nowMs })
        .where('id', '=', from)
        .execute()
    },
  }
}
