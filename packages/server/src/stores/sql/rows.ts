/** `createdAtMs` as `created_at_ms`. */
export type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? '' : '_'}${Lowercase<Head>}${SnakeCase<Tail>}`
  : ''

/** A record as it is stored: the same values under the names of their columns. */
export type Row<T> = { [K in keyof T & string as SnakeCase<K>]: T[K] }

const columnNames = new Map<string, string>()

/** `createdAtMs` → `created_at_ms`. */
export function columnName(field: string): string {
  const known = columnNames.get(field)
  if (known !== undefined) return known
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  columnNames.set(field, name)
  return name
}

/**
 * Names the values of a record by their columns. Kysely's own plugin for this walks every query and every
 * answer, which more than doubles the cost of a query.
 */
export function toRow<T extends object>(record: T): Row<T> {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => [columnName(field), value]),
  ) as Row<T>
}

/** What to select so that the answer is a record: each column under the name of its field. */
export function selectionOf<const Fields extends readonly string[]>(
  ...fields: Fields
): { [I in keyof Fields]: `${SnakeCase<Fields[I]>} as ${Fields[I]}` } {
  return fields.map((field) => `${columnName(field)} as ${field}`) as never
}
