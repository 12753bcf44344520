import { type CompiledQuery, Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoginFilter, Person } from '../login-store.ts'
import { createSqlLoginStore } from './login-store.ts'
import { migrate } from './migrate.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'
import type { Tables } from './tables.ts'

/** SQLite plans by shape alone, so an empty table shows how it goes through a full one. */
const nobody: Person = { memberIds: [], openids: [], deviceIds: [], maskedSubjects: [], phoneSubjects: [] }
const few: [string, Omit<LoginFilter, 'limit'>, RegExp][] = [
  ['a request id', { id: 'x' }, /sqlite_autoindex_logins/],
  ['a support code', { supportCode: 'x' }, /logins_by_support_code/],
  ['a rid', { rid: 'x' }, /logins_by_rid/],
  ['an openid', { openid: 'x' }, /logins_by_openid/],
  ['codes', { codeKeys: ['a', 'b', 'c', 'd'] }, /logins_by_(phone|login)_code/],
  [
    'a person',
    {
      person: {
        memberIds: ['a'],
        openids: ['b', 'c'],
        deviceIds: ['d', 'e', 'f'],
        maskedSubjects: ['g'],
        phoneSubjects: ['h'],
      },
    },
    /logins_by_(member|openid|device|masked|phone)/,
  ],
  ['a member', { person: { ...nobody, memberIds: ['a'] } }, /logins_by_member/],
]
const many: typeof few = [
  ['a rare outcome', { outcome: 'INTERNAL' }, /logins_by_outcome/],
  ['failures', { isFailed: true }, /logins_failed/],
  ['a client', { clientId: 'x' }, /logins_by_client/],
  ['a way', { way: 'openid' }, /logins_by_way/],
  ['an app', { appid: 'x' }, /logins_by_app/],
  ['nothing', {}, /logins_by_time/],
]
const besides: Omit<LoginFilter, 'limit'>[] = [
  {},
  { appid: 'x' },
  { way: 'login' },
  { outcome: 'ok' },
  { fromMs: 1, untilMs: 2 },
  { before: { atMs: 1, id: 'x' } },
  { appid: 'x', way: 'login', outcome: 'ok', fromMs: 1, untilMs: 2, before: { atMs: 1, id: 'x' } },
]

describe('on SQLite', () => {
  const writer = openLibsql(':memory:')
  const asked: CompiledQuery[] = []
  const db = new Kysely<Tables>({
    dialect: createSqliteDialect({ writer, reader: writer }),
    log: ({ query }) => void asked.push(query),
  })
  const logins = createSqlLoginStore(db)
  beforeAll(() => migrate(db as unknown as Kysely<never>))
  afterAll(() => db.destroy())

  /** How SQLite goes about what was asked last. */
  const plansOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    asked.length = 0
    await work()
    return asked.flatMap(({ sql, parameters }) =>
      (writer.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[])
        .map(({ detail }) => detail)
        .filter((detail) => /^(SCAN|SEARCH)/.test(detail)),
    )
  }
  const search = (filter: Omit<LoginFilter, 'limit'>) =>
    plansOf(() => logins.search({ ...filter, limit: 51 }))

  it.each(few)('%s leads to its logins, whatever else is asked for', async (_, filter, index) => {
    for (const more of besides) {
      const plans = await search({ ...more, ...filter })
      expect(plans.length).toBeGreaterThan(0)
      for (const plan of plans) expect(plan).toMatch(new RegExp(`^SEARCH logins USING .*${index.source}`))
    }
  })

  it.each(many)('%s is found by an index that the newest come first in', async (_, filter, index) => {
    const [plan, ...others] = await search(filter)
    expect(others).toEqual([])
    expect(plan).toMatch(index)
    // With a time it goes no further than that.
    expect((await search({ ...filter, fromMs: 1, untilMs: 2 }))[0]).toMatch(
      /^SEARCH logins .*at_ms>\? AND at_ms<\?/,
    )
  })

  it('of two conditions the rarer leads', async () => {
    const of = async (filter: Omit<LoginFilter, 'limit'>) => (await search(filter))[0]
    expect(await of({ outcome: 'INTERNAL', appid: 'x', way: 'login' })).toMatch(/logins_by_outcome/)
    expect(await of({ isFailed: true, appid: 'x' })).toMatch(/logins_failed/)
    expect(await of({ clientId: 'x', appid: 'y', way: 'exchange' })).toMatch(/logins_by_client/)
    expect(await of({ outcome: 'ok', appid: 'x' })).toMatch(/logins_by_app/)
  })

  it('people and their numbers are found without walking all numbers', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `m${i}`)
    const masked = Array.from({ length: 3 }, (_, i) => `k.${i}`)
    for (const plan of [
      ...(await plansOf(() => logins.phonesOf(ids))),
      ...(await plansOf(() =>
        logins.whoIs({ memberIds: ids, maskedSubjects: masked, phoneSubjects: masked }),
      )),
    ]) {
      expect(plan).toMatch(/^SEARCH/)
      expect(plan).not.toMatch(/\(provider=\?\)$/)
    }
  })
})
