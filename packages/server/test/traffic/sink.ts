import pg from 'pg'
import { tables } from '../../src/stores/sql/migrations/0001-tables/index.ts'
import { openLibsql } from '../../src/stores/sql/sqlite/libsql.ts'

export type Value = string | number | null

/** Where rows go. What a table has no column for is left out; columns that a row does not name are empty. */
export interface Sink {
  add(table: string, row: Record<string, Value>): void
  /** Stores what waits. */
  flush(): Promise<void>
  close(): Promise<void>
}

const BATCH = 5000
/** They are made at the end, which is faster than keeping them. */
const indexes = tables.flatMap(({ indexes: own = [] }) => own)
const indexName = (sql: string) => /index (\w+) on/.exec(sql)?.[1] ?? ''

/** Rows a statement. A statement of many rows costs half as much for each. */
const ROWS = 50

/** One transaction over all. */
export function openSqliteSink(path: string): Sink {
  const handle = openLibsql(path)
  const run = (sql: string) => void handle.prepare(sql).run([])
  handle.prepare('pragma synchronous = off').all([])
  // Rows that refer to each other come in any order.
  handle.prepare('pragma foreign_keys = off').all([])
  run('begin immediate')
  for (const index of indexes) run(`drop index ${indexName(index)}`)
  const inserts = new Map<string, ReturnType<typeof insertInto>>()
  const insertInto = (table: string) => {
    const found = handle.prepare(`select name from pragma_table_info('${table}')`).all([])
    const columns = (found as { name: string }[]).map(({ name }) => name)
    const row = `(${columns.map(() => '?').join(', ')})`
    const text = `insert into ${table} (${columns.join(', ')}) values `
    const one = handle.prepare(text + row)
    const many = handle.prepare(text + Array(ROWS).fill(row).join(', '))
    return { columns, one, many, waiting: [] as Value[] }
  }
  const insertOf = (table: string) => {
    const known = inserts.get(table) ?? insertInto(table)
    inserts.set(table, known)
    return known
  }
  return {
    add: (table, row) => {
      const insert = insertOf(table)
      for (const column of insert.columns) insert.waiting.push(row[column] ?? null)
      if (insert.waiting.length < ROWS * insert.columns.length) return
      insert.many.run(insert.waiting)
      insert.waiting = []
    },
    flush: async () => {},
    close: async () => {
      for (const { columns, one, waiting } of inserts.values()) {
        for (let at = 0; at < waiting.length; at += columns.length)
          one.run(waiting.slice(at, at + columns.length))
      }
      for (const index of indexes) run(index)
      run('commit')
      handle.close()
    },
  }
}

export async function openPostgresSink(url: string): Promise<Sink> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set synchronous_commit = off')
  for (const index of indexes) await client.query(`drop index ${indexName(index)}`)
  const waiting = new Map<string, Record<string, Value>[]>()
  const columns = new Map<string, string>()
  let failure: unknown
  let writing: Promise<unknown> = Promise.resolve()
  let pending = 0

  const columnsOf = async (table: string) => {
    const known = columns.get(table)
    if (known) return known
    const { rows } = await client.query(
      'select column_name from information_schema.columns where table_name = $1 and table_schema = current_schema()',
      [table],
    )
    const list = rows.map(({ column_name }) => column_name).join(', ')
    columns.set(table, list)
    return list
  }
  const write = (table: string) => {
    const rows = waiting.get(table) ?? []
    waiting.delete(table)
    if (rows.length === 0) return
    pending += 1
    writing = writing
      .then(async () => {
        const list = await columnsOf(table)
        await client.query(
          `insert into ${table} (${list}) select ${list} from json_populate_recordset(null::${table}, $1)`,
          [JSON.stringify(rows)],
        )
      })
      .catch((error) => {
        failure ??= error
      })
      .finally(() => {
        pending -= 1
      })
  }
  /** Members before those who refer to them. */
  const writeAll = () => {
    for (const { name } of tables) write(name)
  }
  return {
    add: (table, row) => {
      const rows = waiting.get(table) ?? []
      waiting.set(table, rows)
      rows.push(row)
      if (rows.length >= BATCH) writeAll()
    },
    flush: async () => {
      // Rows are made faster than they are stored.
      if (pending > 4) await writing
      if (failure) throw failure
    },
    close: async () => {
      writeAll()
      await writing
      if (!failure) for (const index of indexes) await client.query(index)
      if (!failure) await client.query('analyze')
      await client.end()
      if (failure) throw failure
    },
  }
}
