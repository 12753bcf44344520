import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
import { dialectOf } from './dialects.ts'
import type { SqlDialect } from './migrations/table-sql.ts'
import type { Tables } from './tables.ts'

/** A statement with its values still open. */
export type Prepared<Values, R> = (db: Kysely<Tables>, values: Values) => Promise<QueryResult<R>>

/** Where in the values of a call to find what a placeholder stands for. */
const paths = new WeakMap<object, readonly string[]>()

/** Stands for a value that is given when the statement runs; its members stand for the members of that value. */
function placeholder(path: readonly string[]): object {
  const one = new Proxy({}, { get: (_, name) => placeholder([...path, String(name)]) })
  paths.set(one, path)
  return one
}

const valuesToCome = placeholder([])

/**
 * A statement that is put together once for each kind of database, as building one takes several times as long as running
 * it. Only values may differ between its runs: whatever decides about the text belongs into `preparedBy`.
 *
 * @param build - Gets a placeholder for each value that it reads, however deep, such as `values.names[1].scope`.
 */
export function prepared<Values extends object, R>(
  build: (db: Kysely<Tables>, values: Values) => Compilable<R>,
): Prepared<Values, R> {
  const known: { [Dialect in SqlDialect]?: Text<R> } = {}
  return (db, values) => {
    const dialect = dialectOf(db)
    known[dialect] ??= textOf(build(db, valuesToCome as Values).compile())
    const { statement, readers } = known[dialect]
    return db.executeQuery({ ...statement, parameters: readers.map((read) => read(values)) })
  }
}

interface Text<R> {
  statement: CompiledQuery<R>
  readers: ((values: object) => unknown)[]
}

function textOf<R>(statement: CompiledQuery<R>): Text<R> {
  const readers = statement.parameters.map((value) => {
    const path = typeof value === 'object' && value !== null ? paths.get(value) : undefined
    return path === undefined
      ? () => value
      : (values: object) => path.reduce((at: unknown, name) => (at as Record<string, unknown>)[name], values)
  })
  return { statement, readers }
}

/** One prepared statement for each shape, such as the names of the columns that are set. Shapes are few. */
export function preparedBy<Shape extends string | number, Values extends object, R>(
  build: (shape: Shape) => (db: Kysely<Tables>, values: Values) => Compilable<R>,
): (shape: Shape) => Prepared<Values, R> {
  const known = new Map<Shape, Prepared<Values, R>>()
  return (shape) => {
    let statement = known.get(shape)
    if (statement === undefined) {
      statement = prepared(build(shape))
      known.set(shape, statement)
    }
    return statement
  }
}
