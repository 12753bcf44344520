import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { Identity, IdentityName, MemberStore } from '../member-store.ts'
import { forUpdate } from './dialects.ts'
import { insertRecords } from './insert-many.ts'
import { prepared, preparedBy } from './prepared.ts'
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
/** The identities of the joined query, which have the names of a member's columns beside them. */
const joinedColumns = identityColumns.map((column) => `identities.${column}` as const)

const nameParts = ['provider', 'scope', 'subject'] as const

/** Finds members by so many names. */
const recallBy = preparedBy((count: number) => (db, values: { names: readonly IdentityName[] }) => {
  const names = Array.from({ length: count }, (_, i) =>
    Object.fromEntries(nameParts.map((part) => [part, values.names[i]?.[part]])),
  )
  return db
    .selectFrom('identities')
    .innerJoin('members', 'members.id', 'identities.member_id')
    .select(joinedColumns)
    .select('members.state as memberState')
    .where('identities.member_id', 'in', (eb) =>
      eb
        .selectFrom('identities')
        .select('member_id')
        .where((named) => named.or(names.map((name) => named.and(name)))),
    )
})

/** Locks so many members. */
const lockMembers = preparedBy(
  (count: number) =>
    (db, { ids }: { ids: readonly string[] }) =>
      db
        .selectFrom('members')
        .select(memberColumns)
        .where(
          'id',
          'in',
          Array.from({ length: count }, (_, i) => ids[i] as string),
        )
        .orderBy('id')
        .$call(forUpdate(db)),
)

const touchIdentity = prepared((db, values: IdentityName & Pick<Identity, 'verifiedAtMs' | 'verifiedBy'>) =>
  db
    .updateTable('identities')
    .set({ verified_at_ms: values.verifiedAtMs, verified_by: values.verifiedBy })
    .where('provider', '=', values.provider)
    .where('scope', '=', values.scope)
    .where('subject', '=', values.subject)
    .where('verified_at_ms', '<', values.verifiedAtMs),
)

export function createSqlMemberStore(db: Kysely<Tables>): MemberStore {
  const named = ({ provider, scope, subject }: IdentityName) => ({ provider, scope, subject })
  const anyOf = (names: readonly IdentityName[]) => (eb: ExpressionBuilder<Tables, 'identities'>) =>
    eb.or(names.map((name) => eb.and(named(name))))
  const toRekey = (keyId: string) =>
    db
      .selectFrom('identities')
      .where('provider', '=', 'phone')
      .where((eb) =>
        eb.or([
          eb('subject', 'not like', `${keyId}.%`),
          eb('sealed', 'not like', `%.${keyId}.%`),
          eb('masked_subject', 'is', null),
          eb('masked_subject', 'not like', `${keyId}.%`),
        ]),
      )

  return {
    create: async ({ id, createdAtMs, events = 0 }) => {
      const member = { id, state: 'active' as const, mergedInto: null, createdAtMs, changedAtMs: createdAtMs }
      await insertRecords(db, 'members', [{ ...member, eventSeq: events, changedPosition: null }])
    },
    find: (id) => db.selectFrom('members').select(memberColumns).where('id', '=', id).executeTakeFirst(),
    lock: async (ids) => (ids.length === 0 ? [] : (await lockMembers(ids.length)(db, { ids })).rows),
    setState: async (id, { state, mergedInto = null, nowMs }) => {
      await db
        .updateTable('members')
        .set({ state, merged_into: mergedInto, changed_at_ms: nowMs })
        .where('id', '=', id)
        .execute()
    },
    findIdentity: (name) =>
      db
        .selectFrom('identities')
        .select(identityColumns)
        .where((eb) => eb.and(named(name)))
        .executeTakeFirst(),
    recall: async (names) => (await recallBy(names.length)(db, { names })).rows,
    identitiesOf: (memberId) =>
      db.selectFrom('identities').select(identityColumns).where('member_id', '=', memberId).execute(),
    findPhone: (memberId) =>
      db
        .selectFrom('identities')
        .select(identityColumns)
        .where('member_id', '=', memberId)
        .where('provider', '=', 'phone')
        .executeTakeFirst(),
    addIdentities: async (added) => {
      if (added.length > 0) await insertRecords(db, 'identities', added)
    },
    removeIdentity: async (name, memberId) => {
      const { numDeletedRows } = await db
        .deleteFrom('identities')
        .where((eb) => eb.and({ ...named(name), member_id: memberId }))
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
    touchIdentity: async (name, verification) => {
      await touchIdentity(db, { ...named(name), ...verification })
    },
    moveIdentities: async (names, { from, to }) => {
      if (names.length === 0) return 0
      const { numUpdatedRows } = await db
        .updateTable('identities')
        .set({ member_id: to })
        .where(anyOf(names))
        .where('member_id', '=', from)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },
    listPhonesToRekey: (keyId, { after, limit }) =>
      toRekey(keyId)
        .select(identityColumns)
        .where('subject', '>', after)
        .orderBy('subject')
        .limit(limit)
        .execute(),
    countNew: async ({ fromMs, toMs }) => {
      // Shanghai is eight hours ahead, always.
      const day = sql<number>`(created_at_ms + 28800000) / 86400000`
      const rows = await db
        .selectFrom('members')
        .select([day.as('day'), sql<number>`count(*)`.as('entries')])
        .where('created_at_ms', '>=', fromMs)
        .where('created_at_ms', '<', toMs)
        .groupBy(day)
        .execute()
      return rows.map((row) => ({
        startMs: Number(row.day) * 86_400_000 - 28_800_000,
        entries: Number(row.entries),
      }))
    },
    countPhonesToRekey: async (keyId) => {
      const { count } = await toRekey(keyId)
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    rekeyPhone: async (phone, { subject, sealed, maskedSubject }) => {
      const { numUpdatedRows } = await db
        .updateTable('identities')
        .set({ subject, sealed, masked_subject: maskedSubject })
        .where((eb) => eb.and(named(phone)))
        .where('member_id', '=', phone.memberId)
        .where('sealed', '=', phone.sealed)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  }
}
