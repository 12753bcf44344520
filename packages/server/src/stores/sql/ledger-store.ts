import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { EntryFilter, LedgerRow, LedgerStore } from '../ledger-store.ts'
import { insertRecords } from './insert-many.ts'
import { readTotals } from './ledger-totals.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const ledgerColumns = selectionOf(
  'id',
  'codeKey',
  'appid',
  'surface',
  'clientId',
  'component',
  'state',
  'cause',
  'source',
  'isBilled',
  'listLi',
  'chargeLi',
  'chargedTo',
  'build',
  'clientVersion',
  'platform',
  'openid',
  'memberId',
  'maskedSubject',
  'reason',
  'errcode',
  'rid',
  'requestId',
  'attempts',
  'wechatMs',
  'consentedAtMs',
  'seenAtMs',
  'settledAtMs',
  'bookedAtMs',
)

/** Entries a statement names by their ids. */
const AT_ONCE = 500

export function createSqlLedgerStore(db: Kysely<Tables>): LedgerStore {
  /** Changes entries by their ids, some at a time; when they were seen tells PostgreSQL which months to look into. */
  const change = async (
    entries: readonly Pick<LedgerRow, 'id' | 'seenAtMs'>[],
    to: Partial<LedgerRow>,
  ): Promise<void> => {
    for (let from = 0; from < entries.length; from += AT_ONCE) {
      const some = entries.slice(from, from + AT_ONCE)
      const seenMs = some.map(({ seenAtMs }) => seenAtMs)
      await db
        .updateTable('ledger')
        .set(toRow(to))
        .where(
          'id',
          'in',
          some.map(({ id }) => id),
        )
        .where('seen_at_ms', '>=', Math.min(...seenMs))
        .where('seen_at_ms', '<=', Math.max(...seenMs))
        .execute()
    }
  }

  return {
    add: (row) => insertRecords(db, 'ledger', [row]),

    find: (codeKey) =>
      db.selectFrom('ledger').select(ledgerColumns).where('code_key', '=', codeKey).executeTakeFirst(),

    findKeys: async (codeKeys) => {
      if (codeKeys.length === 0) return []
      const rows = await db
        .selectFrom('ledger')
        .select('code_key as codeKey')
        .where('code_key', 'in', codeKeys)
        .execute()
      return rows.map(({ codeKey }) => codeKey)
    },

    listUnbooked: (limit) =>
      db
        .selectFrom('ledger')
        .select(ledgerColumns)
        .where('booked_at_ms', 'is', null)
        .orderBy('settled_at_ms')
        .orderBy('id')
        .limit(limit)
        .execute(),

    listUsed: async ({ openids, seenMs }) => {
      if (openids.length === 0) return []
      return db
        .selectFrom('ledger')
        .select(selectionOf('id', 'appid', 'component', 'openid', 'seenAtMs'))
        .where('openid', 'in', openids)
        .where('seen_at_ms', '>=', seenMs[0])
        .where('seen_at_ms', '<=', seenMs[1])
        .where('state', '=', 'used')
        .where('booked_at_ms', 'is not', null)
        .execute()
    },

    book: async (bookings, bookedAtMs) => {
      for (const { ids, seenMs, ...money } of bookings) {
        await db
          .updateTable('ledger')
          .set(toRow({ ...money, bookedAtMs }))
          .where('id', 'in', ids)
          .where('seen_at_ms', '>=', seenMs[0])
          .where('seen_at_ms', '<=', seenMs[1])
          .execute()
      }
    },

    listBooked: ({ appid, component, fromMs, limit }) =>
      db
        .selectFrom('ledger')
        .select(ledgerColumns)
        .where('seen_at_ms', '>=', fromMs)
        .where('component', '=', component)
        .where('booked_at_ms', 'is not', null)
        .$if(appid !== null, (query) => query.where('appid', '=', appid as string))
        .orderBy('seen_at_ms', 'desc')
        .limit(limit)
        .execute(),

    unbook: (entries) => change(entries, { bookedAtMs: null, chargedTo: null, chargeLi: 0 }),

    listUnconfirmed: ({ appid, component, seenMs, limit }) =>
      db
        .selectFrom('ledger')
        .select(ledgerColumns)
        .where('is_billed', 'is', null)
        .where('appid', '=', appid)
        .where('component', '=', component)
        .where('seen_at_ms', '>', seenMs[0])
        .where('seen_at_ms', '<=', seenMs[1])
        .orderBy(sql`case when consented_at_ms is null then 1 else 0 end`)
        .orderBy('seen_at_ms')
        .orderBy('id')
        .limit(limit)
        .execute(),

    confirm: (entries) => change(entries, { isBilled: 1 }),

    totals: (seen) => readTotals(db, seen),

    page: (filter, { limit, after, newestFirst = false }) => {
      const [direction, beyond] = newestFirst ? (['desc', '<'] as const) : (['asc', '>'] as const)
      return db
        .selectFrom('ledger')
        .select(ledgerColumns)
        .$call((query) => narrowed(query, filter))
        .$if(after !== undefined, (query) =>
          query.where(sql<boolean>`(seen_at_ms, id) ${sql.raw(beyond)} (${after?.seenAtMs}, ${after?.id})`),
        )
        .orderBy('seen_at_ms', direction)
        .orderBy('id', direction)
        .limit(limit)
        .execute()
    },

    countWhere: async ({ appid, component, afterMs, toMs, chargedTo, platform, consentedByMs }) => {
      const { entries } = await db
        .selectFrom('ledger')
        .select((eb) => eb.fn.countAll<number>().as('entries'))
        .where('appid', '=', appid)
        .where('component', '=', component)
        .where('is_billed', '=', 1)
        .where('seen_at_ms', '>', afterMs)
        .where('seen_at_ms', '<=', toMs)
        .$if(chargedTo !== undefined, (query) => query.where('charged_to', 'in', chargedTo ?? []))
        .$if(platform !== undefined, (query) => query.where('platform', '=', platform as string))
        .$if(consentedByMs !== undefined, (query) =>
          query.where('consented_at_ms', '<=', consentedByMs as number),
        )
        .executeTakeFirstOrThrow()
      return entries
    },
  }
}

/** The columns that a filter names by a value. */
const equals = {
  appid: 'appid',
  component: 'component',
  state: 'state',
  cause: 'cause',
  openid: 'openid',
  memberId: 'member_id',
  codeKey: 'code_key',
} as const satisfies Partial<Record<keyof EntryFilter, keyof Tables['ledger']>>

function narrowed<O>(
  query: SelectQueryBuilder<Tables, 'ledger', O>,
  filter: EntryFilter,
): SelectQueryBuilder<Tables, 'ledger', O> {
  let narrow = query
  const { fromMs, toMs } = filter
  if (fromMs !== undefined) narrow = narrow.where('seen_at_ms', '>=', fromMs)
  if (toMs !== undefined) narrow = narrow.where('seen_at_ms', '<', toMs)
  for (const field of Object.keys(equals) as (keyof typeof equals)[]) {
    const value = filter[field]
    if (value !== undefined) narrow = narrow.where(equals[field], '=', value)
  }
  return narrow
}
