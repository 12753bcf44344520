import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from './migrate.ts'
import { prepared, preparedBy } from './prepared.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'
import type { Tables } from './tables.ts'

let db: Kysely<Tables>
let sent: string[]
beforeEach(async () => {
  const handle = openLibsql(':memory:')
  sent = []
  db = new Kysely<Tables>({
    dialect: createSqliteDialect({ writer: handle, reader: handle }),
    log: ({ query }) => void sent.push(query.sql),
  })
  await migrate(db as never)
  sent = []
})
afterEach(() => db.destroy())

const addCounter = prepared((db, values: { name: string; value: number }) =>
  db.insertInto('counters').values({ name: values.name, value: values.value }),
)

describe('a prepared statement', () => {
  it('runs with the values of each call, also when one stands twice in it', async () => {
    await addCounter(db, { name: 'a', value: 1 })
    await addCounter(db, { name: 'b', value: 2 })
    const between = prepared((db, { value }: { value: number }) =>
      db.selectFrom('counters').select('name').where('value', '>=', value).where('value', '<=', value),
    )
    expect((await between(db, { value: 2 })).rows).toEqual([{ name: 'b' }])
    expect((await between(db, { value: 1 })).rows).toEqual([{ name: 'a' }])
  })

  it('is put together once, inside of transactions and outside', async () => {
    let builds = 0
    const find = prepared((db, values: { name: string }) => {
      builds += 1
      return db.selectFrom('counters').select('value').where('name', '=', values.name)
    })
    await addCounter(db, { name: 'a', value: 7 })
    expect((await find(db, { name: 'a' })).rows).toEqual([{ value: 7 }])
    await db.transaction().execute(async (trx) => {
      await addCounter(trx, { name: 'b', value: 8 })
      expect((await find(trx, { name: 'b' })).rows).toEqual([{ value: 8 }])
    })
    expect(builds).toBe(1)
  })

  it('reads values of any depth, and keeps those that are no placeholders', async () => {
    const find = preparedBy(
      (count: number) => (db, values: { all: readonly { name: string }[] }) =>
        db
          .selectFrom('counters')
          .select('name')
          .where('value', '=', 1)
          .where(
            'name',
            'in',
            Array.from({ length: count }, (_, i) => (values.all[i] as { name: string }).name),
          ),
    )
    for (const name of ['a', 'b']) await addCounter(db, { name, value: 1 })
    await addCounter(db, { name: 'c', value: 2 })
    const { rows } = await find(3)(db, { all: [{ name: 'a' }, { name: 'x' }, { name: 'c' }] })
    expect(rows).toEqual([{ name: 'a' }])
  })

  it('says how many rows it changed', async () => {
    await addCounter(db, { name: 'a', value: 1 })
    const raise = prepared((db, values: { name: string }) =>
      db.updateTable('counters').set({ value: 9 }).where('name', '=', values.name),
    )
    expect((await raise(db, { name: 'a' })).numAffectedRows).toBe(1n)
    expect((await raise(db, { name: 'none' })).numAffectedRows).toBe(0n)
  })

  it('has one text for each shape', async () => {
    const set = preparedBy(
      (column: 'name' | 'value') => (db, values: { from: string; to: unknown }) =>
        db
          .updateTable('counters')
          .set({ [column]: values.to })
          .where('name', '=', values.from),
    )
    await addCounter(db, { name: 'a', value: 1 })
    await set('value')(db, { from: 'a', to: 5 })
    await set('name')(db, { from: 'a', to: 'b' })
    expect(await db.selectFrom('counters').selectAll().execute()).toEqual([{ name: 'b', value: 5 }])
    expect(set('name')).toBe(set('name'))
  })
})
