import { type Kysely, sql } from 'kysely'
import type { PhoneBindingStore } from '../phone-binding-store.ts'
import { insertRecords } from './insert-many.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

const bindingColumns = selectionOf(
  'id',
  'memberId',
  'subject',
  'sealed',
  'maskedSubject',
  'verifiedBy',
  'appid',
  'openid',
  'guideline',
  'boundAtMs',
  'verifiedAtMs',
  'unboundAtMs',
  'unboundReason',
)

export function createSqlPhoneBindingStore(db: Kysely<Tables>): PhoneBindingStore {
  const toRekey = (keyId: string) =>
    db
      .selectFrom('phone_bindings')
      .where((eb) =>
        eb.or([eb('subject', 'not like', `${keyId}.%`), eb('sealed', 'not like', `%.${keyId}.%`)]),
      )

  return {
    add: (binding) => insertRecords(db, 'phone_bindings', [binding]),
    end: async (memberId, { reason, nowMs }) => {
      const ended = await db
        .updateTable('phone_bindings')
        .set({ unbound_at_ms: nowMs, unbound_reason: reason })
        .where('member_id', '=', memberId)
        .where('unbound_at_ms', 'is', null)
        .returning('id')
        .execute()
      return ended.map(({ id }) => id)
    },
    reopen: async (ids) => {
      if (ids.length === 0) return
      await db
        .updateTable('phone_bindings')
        .set({ unbound_at_ms: null, unbound_reason: null })
        .where('id', 'in', ids)
        .execute()
    },
    listOf: (memberId) =>
      db
        .selectFrom('phone_bindings')
        .select(bindingColumns)
        .where('member_id', '=', memberId)
        .orderBy('bound_at_ms')
        .orderBy('id')
        .execute(),
    wasUsedSince: async (subjects, { otherThan, afterMs }) => {
      const found = await db
        .selectFrom('phone_bindings')
        .select('id')
        .where('subject', 'in', subjects)
        .where('member_id', '<>', otherThan)
        .where('verified_at_ms', '>', afterMs)
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },
    removeOf: async (memberId) => {
      await db.deleteFrom('phone_bindings').where('member_id', '=', memberId).execute()
    },
    listToRekey: (keyId, { after, limit }) =>
      toRekey(keyId).select(bindingColumns).where('id', '>', after).orderBy('id').limit(limit).execute(),
    countToRekey: async (keyId) => {
      const { count } = await toRekey(keyId)
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    rekey: async (id, { subject, sealed, maskedSubject }) => {
      await db
        .updateTable('phone_bindings')
        .set({ subject, sealed, masked_subject: maskedSubject })
        .where('id', '=', id)
        .execute()
    },
  }
}
