import { CompiledQuery, type Insertable, type Kysely } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import { dialectOf } from './dialects.ts'
import type { SqlDialect } from './migrations/table-sql.ts'
import { columnName, type Row } from './rows.ts'
import type { Tables } from './tables.ts'

/** Rows a statement; each size is one text, so that each is prepared once. */
const SIZES = [100, 10, 2, 1] as const

/** Where rows go. One object for all inserts of a kind: its texts are made once. */
export interface Into {
  table: string
  /** In the order of the values. */
  columns: readonly string[]
  /** What stands behind the values, such as `on conflict (id) do nothing`. */
  otherwise?: string
}

const textsOf = new WeakMap<Into, Map<string, string>>()

/** Inserts many rows by few statements. Building such a statement from parts each time costs more than running it. */
export async function insertMany(
  // biome-ignore lint/suspicious/noExplicitAny: of any tables
  db: Kysely<any>,
  into: Into,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const dialect = dialectOf(db)
  const statements: CompiledQuery[] = []
  for (let from = 0; from < rows.length; ) {
    const size = SIZES.find((candidate) => candidate <= rows.length - from) ?? 1
    const values = size === 1 ? (rows[from] ?? []) : rows.slice(from, from + size).flat()
    statements.push(CompiledQuery.raw(textOf(into, dialect, size), [...values]))
    from += size
  }
  await allOf(statements.map((statement) => db.executeQuery(statement)))
}

interface Shape {
  fields: readonly string[]
  into: Into
}
const shapesOf = new Map<string, Shape[]>()

/** Inserts records of one shape, each value under the name of its column. What is `undefined` is stored as null. */
export function insertRecords<Name extends keyof Tables, T extends object>(
  db: Kysely<Tables>,
  table: Row<T> extends Insertable<Tables[Name]> ? Name : never,
  records: readonly T[],
): Promise<void> {
  const { fields, into } = shapeOf(table, Object.keys(records[0] ?? {}))
  return insertMany(
    db,
    into,
    records.map((record) => fields.map((field) => record[field as keyof T] ?? null)),
  )
}

/** Records of a table have few shapes; to find one again is quicker than to name its columns. */
function shapeOf(table: string, fields: readonly string[]): Shape {
  const shapes = shapesOf.get(table) ?? []
  const isSame = (one: Shape) =>
    one.fields.length === fields.length && one.fields.every((field, i) => field === fields[i])
  const known = shapes.find(isSame)
  if (known) return known
  const shape = { fields, into: { table, columns: fields.map(columnName) } }
  shapesOf.set(table, [...shapes, shape])
  return shape
}

function textOf(into: Into, dialect: SqlDialect, size: number): string {
  const { table, columns, otherwise = '' } = into
  const texts = textsOf.get(into) ?? new Map<string, string>()
  textsOf.set(into, texts)
  const name = `${dialect} ${size}`
  const known = texts.get(name)
  if (known !== undefined) return known
  const place = (row: number, column: number) =>
    dialect === 'postgres' ? `$${row * columns.length + column + 1}` : '?'
  const values = Array.from({ length: size }, (_, row) => {
    return `(${columns.map((_, column) => place(row, column)).join(', ')})`
  })
  const text = `insert into ${table} (${columns.join(', ')}) values ${values.join(', ')} ${otherwise}`.trim()
  texts.set(name, text)
  return text
}
