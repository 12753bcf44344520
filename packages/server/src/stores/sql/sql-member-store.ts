import type { Kysely } from 'kysely'
import type { IdentityName, MemberStore } from '../member-store.ts'
import type { Tables } from './schema.ts'

export function createSqlMemberStore(db: Kysely<Tables>): MemberStore {
  const named = ({ provider, scope, subject }: IdentityName) => ({ provider, scope, subject })

  return {
    create: async (member) => {
      await db
        .insertInto('members')
        .values({ ...member, mergedInto: null, mergedAtMs: null })
        .execute()
    },
    find: (id) => db.selectFrom('members').selectAll().where('id', '=', id).executeTakeFirst(),
    findIdentity: (name) =>
      db
        .selectFrom('identities')
        .selectAll()
        .where((eb) => eb.and(named(name)))
        .executeTakeFirst(),
    findPhone: (memberId) =>
      db
        .selectFrom('identities')
        .selectAll()
        .where('memberId', '=', memberId)
        .where('provider', '=', 'phone')
        .executeTakeFirst(),
    addIdentity: async (identity) => {
      await db.insertInto('identities').values(identity).execute()
    },
    removeIdentity: async (name, memberId) => {
      await db
        .deleteFrom('identities')
        .where((eb) => eb.and({ ...named(name), memberId }))
        .execute()
    },
    touchIdentity: async (name, verifiedAtMs) => {
      await db
        .updateTable('identities')
        .set({ verifiedAtMs })
        .where((eb) => eb.and(named(name)))
        .execute()
    },
    merge: async (from, { memberId, nowMs }) => {
      await db.updateTable('identities').set({ memberId }).where('memberId', '=', from).execute()
      await db
        .updateTable('members')
        .set({ mergedInto: memberId, mergedAtMs: nowMs })
        .where('id', '=', from)
        .execute()
    },
  }
}
