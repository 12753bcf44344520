import { CompiledQuery, type Kysely } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import { dialectOf } from './dialects.ts'

/** Rows a statement; each size is one text, so that each is prepared once. */
const SIZES = [100, 10, 1] as const
const texts = new Map<string, string>()

/**
 * Inserts many rows by few statements. Building such a statement from parts each time costs more than running it.
 *
 * @param into.columns - In the order of the values.
 * @param into.otherwise - What stands behind the values, such as `on conflict (id) do nothing`.
 */
export async function insertMany(
  // biome-ignore lint/suspicious/noExplicitAny: of any tables
  db: Kysely<any>,
  into: { table: string; columns: readonly string[]; otherwise?: string },
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const dialect = dialectOf(db)
  const statements: CompiledQuery[] = []
  for (let from = 0; from < rows.length; ) {
    const size = SIZES.find((candidate) => candidate <= rows.length - from) ?? 1
    const text = textOf({ ...into, dialect, size })
    statements.push(CompiledQuery.raw(text, rows.slice(from, from + size).flat()))
    from += size
  }
  await allOf(statements.map((statement) => db.executeQuery(statement)))
}

function textOf(of: {
  table: string
  columns: readonly string[]
  otherwise?: string
  dialect: string
  size: number
}): string {
  const { table, columns, otherwise = '', dialect, size } = of
  const name = [table, dialect, size, otherwise, ...columns].join(' ')
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
