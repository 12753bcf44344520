import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
import { dialectOf } from './dialects.ts'
import type { SqlDialect } from './migrations/table-sql.ts'
import type { Tables } from './tables.ts'

/** A statement with its values still open. */
export type Prepared<Values, R> = (db: Kysely<Tables>, values: Values) => Promise<QueryResult<R>>

/** Stands in a statement for a value that is given when it runs. */
class Placeholder {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) })

/**
 * A statement that is put together once for each kind of database, as building one takes several times as long as running
 * it. Only values may differ between its runs: whatever decides about the text belongs into `preparedBy`.
 *
 * @param build - Gets a placeholder for each value it asks for by name.
 */
export function prepared<Values extends object, R>(
  build: (db: Kysely<Tables>, values: Values) => Compilable<R>,
): Prepared<Values, R> {
  const known: { [Dialect in SqlDialect]?: CompiledQuery<R> } = {}
  return (db, values) => {
    const dialect = dialectOf(db)
    known[dialect] ??= build(db, placeholders as Values).compile()
    const statement = known[dialect]
    const given = values as Record<string, unknown>
    return db.executeQuery({
      ...statement,
      parameters: statement.parameters.map((value) =>
        value instanceof Placeholder ? given[value.name] : value,
      ),
    })
  }
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
