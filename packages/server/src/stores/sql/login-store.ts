import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import type { LoginFilter, LoginRecord, LoginStore, LoginSum } from '../login-store.ts'
import { dialectOf, forUpdate } from './dialects.ts'
import { insertMany } from './insert-many.ts'
import { columnName, selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** A sum as it is stored: the classes as JSON. */
export interface StoredLoginSum extends Omit<LoginSum, 'wechatBuckets' | 'totalBuckets'> {
  wechatBuckets: string
  totalBuckets: string
}

const summaryFields = [
  'id',
  'supportCode',
  'atMs',
  'way',
  'appid',
  'clientId',
  'component',
  'outcome',
  'errcode',
  'rid',
  'openid',
  'memberId',
  'sessionId',
  'deviceId',
  'loginCodeKey',
  'phoneCodeKey',
  'maskedSubject',
  'phoneSubject',
  'platform',
  'clientVersion',
  'wechatMs',
  'totalMs',
] as const satisfies readonly (keyof LoginRecord)[]
/** In the order of the columns. */
export const loginFields = [...summaryFields, 'steps'] as const
const summaryColumns = selectionOf(...summaryFields)
const loginColumns = selectionOf(...loginFields)
const logins = {
  table: 'logins',
  columns: loginFields.map(columnName),
  otherwise: 'on conflict (id, at_ms) do nothing',
}

const sumColumns = selectionOf(
  'startMs',
  'appid',
  'way',
  'outcome',
  'errcode',
  'entries',
  'lastAtMs',
  'wechatMs',
  'totalMs',
  'wechatBuckets',
  'totalBuckets',
)

/** Many numbers have the same masked form; more people than these are not one person. */
const MOST_PEOPLE = 50
const MOST_DEVICES = 100

export function createSqlLoginStore(db: Kysely<Tables>): LoginStore {
  const isSqlite = dialectOf(db) === 'sqlite'
  return {
    add: (entries) =>
      insertMany(
        db,
        logins,
        entries.map((entry) => loginFields.map((field) => entry[field])),
      ),

    addSums: async (sums) => {
      if (sums.length === 0) return
      // Classes cannot be added in SQL that both databases take, so the rows are locked and read, always in one order.
      const found = await db
        .selectFrom('login_sums')
        .select(sumColumns)
        .where((where) => where.or(sums.map((sum) => where.and(keyOf(sum)))))
        .orderBy('start_ms')
        .orderBy('appid')
        .orderBy('way')
        .orderBy('outcome')
        .orderBy('errcode')
        .$call(forUpdate(db))
        .execute()
      const known = new Map(found.map(readSum).map((sum) => [nameOf(sum), sum]))
      await allOf(sums.map((sum) => writeSum(db, sum, known.get(nameOf(sum)))))
    },

    whoIs: async ({ memberIds = [], maskedSubjects = [], phoneSubjects = [] }) => {
      const numbers = await db
        .selectFrom('identities')
        .select('member_id')
        .where((where) =>
          where.or([
            ...someOf(maskedSubjects, (subjects) => where('masked_subject', 'in', subjects)),
            ...someOf(phoneSubjects, (subjects) =>
              where.and([
                where('provider', '=', 'phone'),
                where('scope', '=', '*'),
                where('subject', 'in', subjects),
              ]),
            ),
          ]),
        )
        .limit(MOST_PEOPLE)
        .execute()
      const ids = [...new Set([...memberIds, ...numbers.map(({ member_id }) => member_id)])]
      const none = { memberIds: ids, openids: [], deviceIds: [], maskedSubjects, phoneSubjects }
      if (ids.length === 0) return none
      const [names, devices] = await allOf([
        // A condition on the provider would have SQLite walk all of that provider's.
        db.selectFrom('identities').select(['provider', 'subject']).where('member_id', 'in', ids).execute(),
        db
          .selectFrom('sessions')
          .select('device_id')
          .distinct()
          .where('member_id', 'in', ids)
          .where('device_id', 'is not', null)
          .limit(MOST_DEVICES)
          .execute(),
      ])
      return {
        ...none,
        openids: names.filter(({ provider }) => provider === 'wechat-openid').map(({ subject }) => subject),
        deviceIds: devices.flatMap(({ device_id }) => device_id ?? []),
      }
    },

    phonesOf: async (memberIds) => {
      if (memberIds.length === 0) return []
      const names = await db
        .selectFrom('identities')
        .select(selectionOf('memberId', 'provider', 'subject', 'sealed'))
        .where('member_id', 'in', [...memberIds])
        .execute()
      return names.flatMap(({ provider, ...phone }) => (provider === 'phone' ? [phone] : []))
    },

    search: async (filter) => {
      const query = db.selectFrom('logins').select(summaryColumns).$call(matching(filter, isSqlite))
      return query.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
    },

    find: (id) =>
      db
        .selectFrom('logins')
        .select(loginColumns)
        .where('id', '=', id)
        .orderBy('at_ms', 'desc')
        .executeTakeFirst(),

    sums: async ({ appid, fromMs, untilMs }) => {
      const found = await db
        .selectFrom('login_sums')
        .select(sumColumns)
        .where('start_ms', '>=', fromMs)
        .where('start_ms', '<', untilMs)
        .$if(appid !== undefined, (query) => query.where('appid', '=', appid as string))
        .orderBy('start_ms')
        .orderBy('way')
        .orderBy('outcome')
        .orderBy('errcode')
        .execute()
      return found.map(readSum)
    },
  }
}

type LoginQuery<O> = SelectQueryBuilder<Tables, 'logins', O>

/** Whether a condition leads to few rows, before those that lead to more. */
const leads = [
  'id',
  'supportCode',
  'rid',
  'codeKeys',
  'openid',
  'person',
  'outcome',
  'isFailed',
  'clientId',
  'way',
  'appid',
] as const satisfies readonly (keyof LoginFilter)[]
type Lead = (typeof leads)[number]

/** What was asked for, and is no condition that nearly every row meets. */
const isGiven = (filter: Omit<LoginFilter, 'before'>, lead: Lead): boolean =>
  lead === 'isFailed' ? filter.isFailed === true : filter[lead] !== undefined && filter[lead] !== 'ok'

/**
 * SQLite takes an index by its shape alone and would walk an app's whole history for a rare outcome. So the condition
 * that leads to the fewest rows is the only one that it may take an index for: a plus in front of a column keeps it from
 * that.
 */
function matching({ before, ...filter }: LoginFilter, isSqlite: boolean) {
  const lead = leads.find((name) => isGiven(filter, name))
  const column = (name: Lead & ('outcome' | 'clientId' | 'way' | 'appid')) => {
    const plain = sql.ref<string>(columnName(name))
    return isSqlite && lead !== undefined && lead !== name ? sql<string>`+${plain}` : plain
  }
  const isOneOfFew = lead !== undefined && leads.indexOf(lead) <= leads.indexOf('person')
  const atMs = isSqlite && isOneOfFew ? sql<number>`+at_ms` : sql<number>`at_ms`
  return <O>(all: LoginQuery<O>): LoginQuery<O> => {
    let query = all
    if (filter.id !== undefined) query = query.where('id', '=', filter.id)
    if (filter.supportCode !== undefined) query = query.where('support_code', '=', filter.supportCode)
    if (filter.rid !== undefined) query = query.where('rid', '=', filter.rid)
    if (filter.openid !== undefined) query = query.where('openid', '=', filter.openid)
    const keys = filter.codeKeys
    if (keys) {
      query = query.where((where) =>
        where.or([where('phone_code_key', 'in', [...keys]), where('login_code_key', 'in', [...keys])]),
      )
    }
    const { person } = filter
    if (person) {
      query = query.where((where) =>
        where.or([
          ...someOf(person.memberIds, (ids) => where('member_id', 'in', ids)),
          ...someOf(person.openids, (ids) => where('openid', 'in', ids)),
          ...someOf(person.deviceIds, (ids) => where('device_id', 'in', ids)),
          ...someOf(person.maskedSubjects, (subjects) => where('masked_subject', 'in', subjects)),
          ...someOf(person.phoneSubjects, (subjects) => where('phone_subject', 'in', subjects)),
        ]),
      )
    }
    if (filter.clientId !== undefined) query = query.where(column('clientId'), '=', filter.clientId)
    if (filter.appid !== undefined) query = query.where(column('appid'), '=', filter.appid)
    if (filter.way !== undefined) query = query.where(column('way'), '=', filter.way)
    if (filter.outcome !== undefined) query = query.where(column('outcome'), '=', filter.outcome)
    // Written as in the index of failures, which holds for it only so.
    if (filter.isFailed) query = query.where(sql<boolean>`outcome <> 'ok'`)
    if (filter.fromMs !== undefined) query = query.where(atMs, '>=', filter.fromMs)
    if (filter.untilMs !== undefined) query = query.where(atMs, '<', filter.untilMs)
    if (before) query = query.where(sql<boolean>`(${atMs}, id) < (${before.atMs}, ${before.id})`)
    return query
  }
}

const someOf = <T>(values: readonly string[], condition: (values: string[]) => T): T[] =>
  values.length === 0 ? [] : [condition([...values])]

const nameOf = ({ startMs, appid, way, outcome, errcode }: LoginSum) =>
  [startMs, appid, way, outcome, errcode].join(' ')

const keyOf = ({ startMs, appid, way, outcome, errcode }: LoginSum) => ({
  start_ms: startMs,
  appid,
  way,
  outcome,
  errcode,
})

async function writeSum(db: Kysely<Tables>, sum: LoginSum, known: LoginSum | undefined): Promise<void> {
  if (!known) {
    await db
      .insertInto('login_sums')
      .values(toRow({ ...sum, ...bucketsOf(sum) }))
      .execute()
    return
  }
  await db
    .updateTable('login_sums')
    .set({
      entries: known.entries + sum.entries,
      last_at_ms: Math.max(known.lastAtMs, sum.lastAtMs),
      wechat_ms: known.wechatMs + sum.wechatMs,
      total_ms: known.totalMs + sum.totalMs,
      wechat_buckets: JSON.stringify(added(known.wechatBuckets, sum.wechatBuckets)),
      total_buckets: JSON.stringify(added(known.totalBuckets, sum.totalBuckets)),
    })
    .where((where) => where.and(keyOf(sum)))
    .execute()
}

const readSum = (stored: StoredLoginSum): LoginSum => ({
  ...stored,
  wechatBuckets: JSON.parse(stored.wechatBuckets),
  totalBuckets: JSON.parse(stored.totalBuckets),
})

const bucketsOf = ({ wechatBuckets, totalBuckets }: LoginSum) => ({
  wechatBuckets: JSON.stringify(wechatBuckets),
  totalBuckets: JSON.stringify(totalBuckets),
})

const added = (some: readonly number[], more: readonly number[]) =>
  some.map((count, i) => count + (more[i] ?? 0))
