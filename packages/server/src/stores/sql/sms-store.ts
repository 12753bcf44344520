import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import { openSmsStates, type SmsFilter, type SmsStore } from '../sms-store.ts'
import { sharedNow } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const requestColumns = selectionOf(
  'id',
  'appid',
  'subject',
  'sealed',
  'maskedSubject',
  'slot',
  'state',
  'codeDigest',
  'tries',
  'provider',
  'providerRef',
  'providerError',
  'ip',
  'deviceId',
  'createdAtMs',
  'sentAtMs',
  'expiresAtMs',
  'usedAtMs',
  'sessionId',
)

/** A number that is asked for more often within a day is refused long before. */
const MOST_IN_A_WINDOW = 100
const DAY_MS = 86_400_000

type SmsTerms = ExpressionBuilder<Tables, 'sms_requests'>

export function createSqlSmsStore(db: Kysely<Tables>): SmsStore {
  const requests = () => db.selectFrom('sms_requests').select(requestColumns)
  const toRekey = (keyId: string) =>
    db
      .selectFrom('sms_requests')
      .where((eb) =>
        eb.or([eb('subject', 'not like', `${keyId}.%`), eb('sealed', 'not like', `%.${keyId}.%`)]),
      )

  return {
    look: async (subjects, { nowMs, withinMs }) => {
      const now = sharedNow(db, nowMs)
      const [time, found] = await allOf([
        db.selectNoFrom(now.as('atMs')).executeTakeFirstOrThrow(),
        requests()
          .where('subject', 'in', subjects)
          .where('created_at_ms', '>', sql<number>`${now} - ${withinMs}`)
          .orderBy('created_at_ms', 'desc')
          .orderBy('id', 'desc')
          .limit(MOST_IN_A_WINDOW)
          .execute(),
      ])
      return { atMs: Number(time.atMs), requests: found }
    },
    spend: async (day, budget) => {
      if (budget <= 0) return false
      const counted = await db
        .insertInto('sms_days')
        .values({ day, sent: 1 })
        .onConflict((conflict) =>
          conflict
            .column('day')
            .doUpdateSet((eb) => ({ sent: eb('sms_days.sent', '+', 1) }))
            .where('sms_days.sent', '<', budget),
        )
        .returning('sent')
        .executeTakeFirst()
      return counted !== undefined
    },
    giveBack: async (day) => {
      await db
        .updateTable('sms_days')
        .set((eb) => ({ sent: eb('sent', '-', 1) }))
        .where('day', '=', day)
        .where('sent', '>', 0)
        .execute()
    },
    sentOn: async (day) => {
      const row = await db.selectFrom('sms_days').select('sent').where('day', '=', day).executeTakeFirst()
      return row?.sent ?? 0
    },
    freeSlot: async (subjects, upToMs) => {
      await db
        .updateTable('sms_requests')
        .set({ slot: null })
        .where('slot', 'in', subjects)
        .where('created_at_ms', '<=', upToMs)
        .execute()
    },
    add: async (request) => {
      await db.insertInto('sms_requests').values(toRow(request)).execute()
    },
    settle: async (id, { state, providerRef, providerError, nowMs }) => {
      const outcome = { provider_ref: providerRef, provider_error: providerError }
      await db
        .updateTable('sms_requests')
        .set((eb) => ({
          ...outcome,
          // A quick user may have entered the code before its sender said that it was sent.
          state: eb.case().when('state', '=', 'claimed').then(state).else(eb.ref('state')).end(),
          ...(state === 'sent' && { sent_at_ms: nowMs }),
          ...(state === 'failed' && { slot: null, code_digest: null }),
        }))
        .where('id', '=', id)
        .execute()
    },
    countTry: (id, { tries, nowMs }) =>
      db
        .updateTable('sms_requests')
        .set((eb) => ({ tries: eb('tries', '+', 1) }))
        .where('id', '=', id)
        .where('tries', '<', tries)
        .where('code_digest', 'is not', null)
        .where('expires_at_ms', '>', sharedNow(db, nowMs))
        .returning(requestColumns)
        .executeTakeFirst(),
    burn: async (id) => {
      await db
        .updateTable('sms_requests')
        .set((eb) => ({
          code_digest: null,
          state: eb
            .case()
            .when('state', 'in', openSmsStates)
            .then('burnt' as const)
            .else(eb.ref('state'))
            .end(),
        }))
        .where('id', '=', id)
        .execute()
    },
    use: async (id, nowMs) => {
      const used = await db
        .updateTable('sms_requests')
        .set({ state: 'used', used_at_ms: nowMs })
        .where('id', '=', id)
        .where('state', 'in', openSmsStates)
        .returning('id')
        .executeTakeFirst()
      return used !== undefined
    },
    opened: async (id, sessionId) => {
      await db.updateTable('sms_requests').set({ session_id: sessionId }).where('id', '=', id).execute()
    },
    find: (id) => requests().where('id', '=', id).executeTakeFirst(),
    listOf: (subjects) =>
      requests().where('subject', 'in', subjects).orderBy('created_at_ms').orderBy('id').execute(),
    search: (filter, { before, limit, nowMs }) =>
      requests()
        .where((eb) => eb.and(termsOf(eb, filter, nowMs)))
        .$if(before !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('created_at_ms', '<', before?.createdAtMs ?? 0),
              eb.and([eb('created_at_ms', '=', before?.createdAtMs ?? 0), eb('id', '<', before?.id ?? '')]),
            ]),
          ),
        )
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    countOutcomes: async (sinceMs) => {
      const days = sql<number>`(created_at_ms - ${sql.lit(sinceMs)}) / ${sql.lit(DAY_MS)}`
      const rows = await db
        .selectFrom('sms_requests')
        .select(['state', 'provider_error as providerError', days.as('daysLater')])
        .select((eb) => eb.fn.countAll<number>().as('entries'))
        .where('created_at_ms', '>=', sinceMs)
        .groupBy(['state', 'provider_error', days])
        .execute()
      return rows.map((row) => ({
        ...row,
        daysLater: Number(row.daysLater),
        entries: Number(row.entries),
      }))
    },
    listToRekey: (keyId, { after, limit }) =>
      toRekey(keyId).select(requestColumns).where('id', '>', after).orderBy('id').limit(limit).execute(),
    countToRekey: async (keyId) => {
      const { count } = await toRekey(keyId)
        .select(sql<number>`count(*)`.as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    rekey: async (id, { subject, sealed, maskedSubject }) => {
      await db
        .updateTable('sms_requests')
        .set((eb) => ({
          subject,
          sealed,
          masked_subject: maskedSubject,
          slot: eb.case().when('slot', 'is', null).then(null).else(subject).end(),
        }))
        .where('id', '=', id)
        .execute()
    },
  }
}

function termsOf(eb: SmsTerms, { maskedSubjects, subjects, appid, state }: SmsFilter, nowMs: number) {
  return [
    ...(maskedSubjects ? [eb('masked_subject', 'in', maskedSubjects)] : []),
    ...(subjects ? [eb('subject', 'in', subjects)] : []),
    ...(appid === undefined ? [] : [eb('appid', '=', appid)]),
    ...stateTerms(eb, state, nowMs),
  ]
}

function stateTerms(eb: SmsTerms, state: SmsFilter['state'], nowMs: number) {
  if (state === undefined) return []
  if (state === 'expired') return [eb('state', 'in', openSmsStates), eb('expires_at_ms', '<=', nowMs)]
  const isOpen = openSmsStates.includes(state)
  return [eb('state', '=', state), ...(isOpen ? [eb('expires_at_ms', '>', nowMs)] : [])]
}
